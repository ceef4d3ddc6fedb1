// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

import id.kentongan.casework.CaseKind;
import id.kentongan.channel.Network;
import id.kentongan.kernel.Role;
import id.kentongan.operation.internal.Table.Column;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.FillPatternType;
import org.apache.poi.ss.usermodel.IndexedColors;
import org.apache.poi.ss.util.CellRangeAddressList;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** Writes the empty workbook, or folder of comma-separated files, that the import reads. */
@Component
class TemplateFile {
    private static final int WIDE = 28 * 256;
    private static final int WIDEST = 90 * 256;

    private final MessageSource messages;

    TemplateFile(MessageSource messages) {
        this.messages = messages;
    }

    int write(Path file, Terminal terminal) {
        var name = file.toString();
        if (Files.exists(file)) {
            return terminal.fail("operation.file-exists", name);
        }
        try {
            if (name.toLowerCase(Locale.ROOT).endsWith(".xlsx")) {
                workbook(file, terminal.locale());
            } else if (name.matches(".*\\.[A-Za-z]{1,5}")) {
                return terminal.fail("operation.template.ending", name);
            } else {
                folder(file, terminal.locale());
            }
        } catch (IOException e) {
            return terminal.fail("operation.unwritable", name);
        }
        terminal.say("operation.template.written", name);
        return 0;
    }

    private static boolean indonesian(Locale locale) {
        return locale.getLanguage().equals("id");
    }

    private static String name(Table table, Locale locale) {
        return indonesian(locale) ? table.indonesian : table.english;
    }

    private static String name(Column column, Locale locale) {
        return indonesian(locale) ? column.indonesian : column.english;
    }

    private void folder(Path folder, Locale locale) throws IOException {
        Files.createDirectories(folder);
        for (var table : Table.values()) {
            var file =
                    folder.resolve(name(table, locale).toLowerCase(Locale.ROOT).replace(' ', '-') + ".csv");
            try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
                    var csv = new CSVPrinter(out, CSVFormat.DEFAULT)) {
                csv.printRecord(
                        table.columns.stream().map(each -> name(each, locale)).toList());
            }
        }
    }

    private void workbook(Path file, Locale locale) throws IOException {
        try (var workbook = new XSSFWorkbook();
                var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            var heading = heading(workbook);
            instructions(workbook, heading, locale);
            for (var table : Table.values()) {
                var sheet = workbook.createSheet(name(table, locale));
                var row = sheet.createRow(0);
                // As text, so that no code loses its zeros and no day its order.
                var text = workbook.createCellStyle();
                text.setDataFormat(workbook.createDataFormat().getFormat("@"));
                for (var i = 0; i < table.columns.size(); i++) {
                    sheet.setDefaultColumnStyle(i, text);
                    sheet.setColumnWidth(i, WIDE);
                    var cell = row.createCell(i);
                    cell.setCellValue(name(table.columns.get(i), locale));
                    cell.setCellStyle(heading);
                    offer(sheet, table.columns.get(i), i, locale);
                }
                sheet.createFreezePane(0, 1);
            }
            workbook.write(out);
        }
    }

    private static CellStyle heading(XSSFWorkbook workbook) {
        var style = workbook.createCellStyle();
        var font = workbook.createFont();
        font.setBold(true);
        style.setFont(font);
        style.setFillForegroundColor(IndexedColors.GREY_25_PERCENT.getIndex());
        style.setFillPattern(FillPatternType.SOLID_FOREGROUND);
        return style;
    }

    /** A list to choose from, where one of a few is meant. */
    private void offer(XSSFSheet sheet, Column column, int index, Locale locale) {
        var choices = choices(column, locale);
        if (choices.isEmpty() || column == Column.ROLES) {
            return;
        }
        var helper = sheet.getDataValidationHelper();
        sheet.addValidationData(helper.createValidation(
                helper.createExplicitListConstraint(choices.toArray(String[]::new)),
                new CellRangeAddressList(1, Sheet.MOST_ROWS, index, index)));
    }

    private List<String> choices(Column column, Locale locale) {
        return switch (column) {
            case ROLES ->
                Arrays.stream(Role.values())
                        .map(each -> text(
                                locale,
                                "identity.role."
                                        + each.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                        .toList();
            case KIND ->
                Arrays.stream(CaseKind.values())
                        .map(each -> text(locale, "desk.kind." + each.code()))
                        .toList();
            case NETWORK ->
                Arrays.stream(Network.values())
                        .map(each -> text(locale, "desk.network." + each.code()))
                        .toList();
            case CIRCLE -> List.of(text(locale, "operation.template.yes"), text(locale, "operation.template.no"));
            default -> List.of();
        };
    }

    private String text(Locale locale, String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }

    /** One line for each column: what it is, whether it must be filled, an example. */
    private void instructions(XSSFWorkbook workbook, CellStyle heading, Locale locale) {
        var sheet = workbook.createSheet(indonesian(locale) ? Table.INSTRUCTIONS : "Instructions");
        sheet.setColumnWidth(0, WIDE);
        sheet.setColumnWidth(1, WIDE);
        sheet.setColumnWidth(2, WIDEST);
        var number = 0;
        for (var line : text(locale, "operation.template.lead").split("\n")) {
            sheet.createRow(number++).createCell(0).setCellValue(line);
        }
        number++;
        for (var table : Table.values()) {
            var title = sheet.createRow(number++).createCell(0);
            title.setCellValue(name(table, locale));
            title.setCellStyle(heading);
            for (var column : table.columns) {
                var row = sheet.createRow(number++);
                row.createCell(0).setCellValue(name(column, locale));
                row.createCell(1)
                        .setCellValue(text(
                                locale,
                                column.needed ? "operation.template.needed" : "operation.template.may-be-blank"));
                var choices = choices(column, locale);
                row.createCell(2)
                        .setCellValue(text(locale, "operation.template." + key(table, column))
                                + (choices.isEmpty() ? "" : " " + String.join(", ", choices) + "."));
            }
            number++;
        }
    }

    private static String key(Table table, Column column) {
        return (table.name() + "." + column.name()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
