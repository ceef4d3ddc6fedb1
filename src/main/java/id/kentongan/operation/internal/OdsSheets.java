// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads a workbook of LibreOffice, in the same way. */
final class OdsSheets {
    private static final long LARGEST_CONTENT = 60_000_000;
    private static final String TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
    private static final String OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
    private static final String TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";

    private OdsSheets() {}

    static List<Sheet> read(Path file) throws UnreadableSheets {
        try (var zip = new ZipFile(file.toFile())) {
            var content = zip.getEntry("content.xml");
            if (content == null) {
                throw new UnreadableSheets("operation.sheet.none");
            }
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            try (var in = new Limited(zip.getInputStream(content))) {
                return new OdsSheets.Content(factory.createXMLStreamReader(in)).read();
            }
        } catch (XMLStreamException e) {
            throw new UnreadableSheets(
                    e.getNestedException() instanceof TooLarge ? "operation.sheet.bomb" : "operation.sheet.none");
        } catch (TooLarge e) {
            throw new UnreadableSheets("operation.sheet.bomb");
        } catch (IOException | RuntimeException e) {
            throw new UnreadableSheets("operation.sheet.none");
        }
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Ends when more comes out of the file than any list of a government has. */
    private static final class Limited extends FilterInputStream {
        private long left = LARGEST_CONTENT;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = in.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            var read = in.read(bytes, from, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws TooLarge {
            left -= read;
            if (left < 0) {
                throw new TooLarge();
            }
        }
    }

    private static final class Content {
        private final XMLStreamReader xml;
        private final List<Sheet> sheets = new ArrayList<>();

        Content(XMLStreamReader xml) {
            this.xml = xml;
        }

        List<Sheet> read() throws XMLStreamException {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && is(TABLE, "table")) {
                    sheets.add(sheet(xml.getAttributeValue(TABLE, "name")));
                }
            }
            return sheets;
        }

        private boolean is(String space, String name) {
            return name.equals(xml.getLocalName()) && space.equals(xml.getNamespaceURI());
        }

        private Sheet sheet(String name) throws XMLStreamException {
            var sheet = Sheet.named(name);
            var number = 0;
            var full = false;
            while (xml.hasNext()) {
                var event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT && is(TABLE, "table")) {
                    return sheet;
                }
                if (event == XMLStreamConstants.START_ELEMENT && is(TABLE, "table-row")) {
                    var times = repeated("number-rows-repeated");
                    var cells = row(sheet, number + 1);
                    // Empty rows are repeated a million times, to the end of the sheet.
                    for (var i = 0; i < times && !cells.isEmpty() && !full; i++) {
                        full = !sheet.add(number + 1 + i, cells);
                    }
                    number += times;
                }
            }
            return sheet;
        }

        private int repeated(String attribute) {
            var told = xml.getAttributeValue(TABLE, attribute);
            return told == null ? 1 : Integer.parseInt(told);
        }

        private Map<Integer, String> row(Sheet sheet, int number) throws XMLStreamException {
            var cells = new TreeMap<Integer, String>();
            var column = 0;
            while (xml.hasNext()) {
                var event = xml.next();
                if (event == XMLStreamConstants.END_ELEMENT && is(TABLE, "table-row")) {
                    return cells;
                }
                if (event != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (is(TABLE, "table-cell") || is(TABLE, "covered-table-cell")) {
                    var times = repeated("number-columns-repeated");
                    if (spans("number-columns-spanned") || spans("number-rows-spanned")) {
                        sheet.fault(number, column, "operation.sheet.merged", Sheet.letters(column) + number);
                    }
                    var text = cell(sheet, number, column);
                    for (var i = column; i < Math.min(column + times, Sheet.MOST_COLUMNS) && !text.isEmpty(); i++) {
                        cells.put(i, text);
                    }
                    column += times;
                }
            }
            return cells;
        }

        private boolean spans(String attribute) {
            var told = xml.getAttributeValue(TABLE, attribute);
            return told != null && !told.equals("1");
        }

        private String cell(Sheet sheet, int number, int column) throws XMLStreamException {
            var day = xml.getAttributeValue(OFFICE, "date-value");
            var formula = xml.getAttributeValue(TABLE, "formula") != null;
            var typed = xml.getAttributeValue(OFFICE, "value-type") != null;
            var text = paragraphs();
            if (formula && !typed) {
                sheet.fault(number, column, "operation.sheet.formula");
                return "";
            }
            if (formula && (text.startsWith("#") || text.startsWith("Err:"))) {
                sheet.fault(number, column, "operation.sheet.error", text);
                return "";
            }
            return day == null ? text : day.substring(0, Math.min(day.length(), 10));
        }

        /** What the cell shows; remarks that hang on it are left out. */
        private String paragraphs() throws XMLStreamException {
            var text = new StringBuilder();
            var depth = 1;
            var remark = 0;
            while (depth > 0 && xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        depth++;
                        if (is(OFFICE, "annotation")) {
                            remark = depth;
                        } else if (remark == 0 && is(TEXT, "p") && !text.isEmpty()) {
                            text.append('\n');
                        } else if (remark == 0 && is(TEXT, "s")) {
                            text.append(' ');
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (depth == remark) {
                            remark = 0;
                        }
                        depth--;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (remark == 0) {
                            text.append(xml.getText());
                        }
                    }
                    default -> {
                        // Nothing that is shown.
                    }
                }
            }
            return text.toString().strip();
        }
    }
}
