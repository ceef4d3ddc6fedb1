// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.usermodel.DateUtil;
import org.apache.poi.ss.util.CellRangeAddress;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.util.XMLHelper;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.model.StylesTable;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads a workbook of Excel row by row, so that its size never becomes our memory's. A formula is what the program that
 * saved it computed; nothing is computed here, and no other file is asked.
 */
final class XlsxSheets {
    private static final long LARGEST_PART = 60_000_000;

    static {
        // What is packed a hundred times smaller than it is, is no workbook.
        ZipSecureFile.setMinInflateRatio(0.01);
        ZipSecureFile.setMaxEntrySize(LARGEST_PART);
        ZipSecureFile.setMaxTextSize(LARGEST_PART);
    }

    private XlsxSheets() {}

    static List<Sheet> read(Path file) throws UnreadableSheets {
        try (var workbook = OPCPackage.open(file.toFile(), PackageAccess.READ)) {
            var reader = new XSSFReader(workbook);
            var texts = new ReadOnlySharedStringsTable(workbook);
            var styles = reader.getStylesTable();
            var from1904 = isFrom1904(reader);
            var sheets = new ArrayList<Sheet>();
            var parts = (XSSFReader.SheetIterator) reader.getSheetsData();
            while (parts.hasNext()) {
                try (var part = parts.next()) {
                    var sheet = Sheet.named(parts.getSheetName());
                    parse(part, new Cells(sheet, texts, styles, from1904));
                    sheets.add(sheet);
                }
            }
            return sheets;
        } catch (IOException
                | OpenXML4JException
                | SAXException
                | ParserConfigurationException
                | RuntimeException damaged) {
            // POI throws unchecked ones of many kinds at files that are none.
            throw new UnreadableSheets(isBomb(damaged) ? "operation.sheet.bomb" : "operation.sheet.none");
        }
    }

    private static boolean isBomb(@Nullable Throwable failed) {
        for (var each = failed; each != null; each = each.getCause()) {
            var message = each.getMessage();
            if (message != null && (message.contains("Zip bomb") || message.contains("zip bomb"))) {
                return true;
            }
        }
        return false;
    }

    private static void parse(InputStream part, DefaultHandler handler)
            throws IOException, SAXException, ParserConfigurationException {
        var parser = XMLHelper.newXMLReader();
        parser.setContentHandler(handler);
        try {
            parser.parse(new InputSource(part));
        } catch (Enough enough) {
            // The rest is not looked at.
        }
    }

    private static boolean isFrom1904(XSSFReader reader)
            throws IOException, OpenXML4JException, SAXException, ParserConfigurationException {
        var found = new boolean[1];
        try (var part = reader.getWorkbookData()) {
            parse(part, new DefaultHandler() {
                @Override
                public void startElement(String uri, String name, String qualified, Attributes attributes) {
                    if (name.equals("workbookPr")) {
                        found[0] = "1".equals(attributes.getValue("date1904"))
                                || "true".equals(attributes.getValue("date1904"));
                    }
                }
            });
        }
        return found[0];
    }

    private static final class Enough extends SAXException {
        private static final long serialVersionUID = 1;
    }

    private static final class Cells extends DefaultHandler {
        private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;

        private final Sheet sheet;
        private final ReadOnlySharedStringsTable texts;
        private final StylesTable styles;
        private final boolean from1904;
        private final DataFormatter formatter = new DataFormatter();
        private final Map<Integer, String> row = new TreeMap<>();
        private final StringBuilder value = new StringBuilder();
        private int number;
        private int column;
        private String type = "";
        private int style;
        private boolean collecting;
        private boolean formula;
        private boolean valued;

        Cells(Sheet sheet, ReadOnlySharedStringsTable texts, StylesTable styles, boolean from1904) {
            this.sheet = sheet;
            this.texts = texts;
            this.styles = styles;
            this.from1904 = from1904;
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            switch (name) {
                case "row" -> {
                    var told = attributes.getValue("r");
                    number = told == null ? number + 1 : Integer.parseInt(told);
                    column = -1;
                    row.clear();
                }
                case "c" -> {
                    var told = attributes.getValue("r");
                    column = told == null ? column + 1 : new CellReference(told).getCol();
                    type = attributes.getValue("t") == null ? "n" : attributes.getValue("t");
                    style = attributes.getValue("s") == null ? 0 : Integer.parseInt(attributes.getValue("s"));
                    value.setLength(0);
                    formula = false;
                    valued = false;
                }
                case "f" -> formula = true;
                case "v" -> {
                    collecting = true;
                    valued = true;
                }
                case "t" -> collecting = type.equals("inlineStr");
                case "mergeCell" -> merged(attributes.getValue("ref"));
                default -> {
                    // Widths, colours, comments.
                }
            }
        }

        @Override
        public void characters(char[] letters, int start, int length) {
            if (collecting) {
                value.append(letters, start, length);
            }
        }

        @Override
        public void endElement(String uri, String name, String qualified) throws SAXException {
            switch (name) {
                case "v", "t" -> collecting = false;
                case "c" -> cell();
                case "row" -> {
                    if (!sheet.add(number, row)) {
                        throw new Enough();
                    }
                }
                default -> {
                    // As above.
                }
            }
        }

        private void cell() {
            if (column >= Sheet.MOST_COLUMNS) {
                return;
            }
            if (formula && !valued) {
                sheet.fault(number, column, "operation.sheet.formula");
                return;
            }
            var text = text().strip();
            if (!text.isEmpty()) {
                row.put(column, text);
            }
        }

        private String text() {
            return switch (type) {
                case "s" -> texts.getItemAt(Integer.parseInt(value.toString())).getString();
                case "b" -> value.toString().equals("1") ? "TRUE" : "FALSE";
                case "e" -> {
                    sheet.fault(number, column, "operation.sheet.error", value.toString());
                    yield "";
                }
                case "n" -> value.isEmpty() ? "" : number(Double.parseDouble(value.toString()));
                default -> value.toString();
            };
        }

        /** A day as year, month and day, whatever the program shows; a code with the zeros that it shows. */
        private String number(double figure) {
            var index = 0;
            String format = null;
            if (style < styles.getNumCellStyles()) {
                var shown = styles.getStyleAt(style);
                index = shown.getDataFormat();
                format = shown.getDataFormatString();
            }
            if (format != null && DateUtil.isADateFormat(index, format) && DateUtil.isValidExcelDate(figure)) {
                return DAY.format(DateUtil.getLocalDateTime(figure, from1904));
            }
            return format == null || format.equalsIgnoreCase("General")
                    ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
                    : formatter.formatRawCellContents(figure, index, format);
        }

        private void merged(@Nullable String range) {
            if (range == null) {
                return;
            }
            var cells = CellRangeAddress.valueOf(range);
            sheet.fault(cells.getFirstRow() + 1, cells.getFirstColumn(), "operation.sheet.merged", range);
        }
    }
}
