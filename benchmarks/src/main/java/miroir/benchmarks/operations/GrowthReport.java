package miroir.benchmarks.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;

/**
 * What each operation costs at each size, as a table and as curves.
 *
 * @param sizes the reports, the smallest directory first
 */
record GrowthReport(List<Report> sizes) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final int LEFT = 70;
    private static final int RIGHT = 330;
    private static final int EDGE = 40;
    private static final List<String> COLOURS = List.of(
            "#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d35400", "#16a085", "#7f8c8d", "#b7950b", "#2c3e50",
            "#e84393", "#6c5ce7", "#00838f", "#795548");

    /** Writes {@code name.md}, {@code .json} and {@code .svg}. */
    void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), markdown() + "\n![The curves](" + name + ".svg)\n");
        Files.writeString(folder.resolve(name + ".json"), json());
        Files.writeString(folder.resolve(name + ".svg"), svg());
    }

    /** When it was measured, to the month. */
    String month() {
        return sizes.get(0).date().substring(0, "2026-11".length());
    }

    String markdown() {
        Report any = sizes.get(0);
        StringBuilder text = new StringBuilder("# Operations as the directory grows\n\n");
        text.append(line(
                "Written by `./miroir bench --growth` on %s at revision %s; [how to read it](README.md).",
                any.date(), any.revision()));
        text.append(line(
                "CPU of server and database for each request in µs, and how much of the limit at that size it is; %d cores, MongoDB %s, Java %s.",
                any.machine().cores(), any.machine().database(), any.machine().java()));
        text.append("\n| operation |");
        sizes.forEach(size -> text.append(String.format(
                Locale.ROOT, " %,d resources |", Room.total(size.rooms()).resources())));
        text.append(" last to first |\n|---|")
                .append("--:|".repeat(sizes.size() + 1))
                .append('\n');
        for (Operation operation : Operation.values()) {
            text.append("| ").append(operation.title()).append(" |");
            sizes.forEach(size -> text.append(cell(size, operation)));
            text.append(line(" %.2f |", micros(sizes.get(sizes.size() - 1), operation) / micros(any, operation)));
        }
        text.append("| bytes on the disk, each |");
        sizes.forEach(size -> text.append(
                String.format(Locale.ROOT, " %.0f |", Room.total(size.rooms()).bytesEach())));
        text.append(" |\n| memory of the server, MB |");
        sizes.forEach(size -> text.append(
                String.format(Locale.ROOT, " %d, rested %d |", size.residentMegabytes(), size.restedMegabytes())));
        return text.append(" |\n").toString();
    }

    private static String cell(Report size, Operation operation) {
        Double reached = size.ofLimit(operation);
        return String.format(
                Locale.ROOT,
                " %.0f (%s) |",
                micros(size, operation),
                reached == null ? "–" : String.format(Locale.ROOT, "%.2f", reached));
    }

    private static double micros(Report size, Operation operation) {
        Measurement served = size.of(Way.SERVED, operation);
        return served == null ? Double.NaN : served.micros();
    }

    private String json() {
        List<Document> rows = new ArrayList<>();
        for (Report size : sizes) {
            for (Operation operation : Operation.values()) {
                rows.add(new Document("resources", Room.total(size.rooms()).resources())
                        .append("operation", operation.name())
                        .append("micros", micros(size, operation))
                        .append("ofLimit", size.ofLimit(operation)));
            }
        }
        Report any = sizes.get(0);
        return new Document("date", any.date())
                        .append("revision", any.revision())
                        .append("points", rows)
                        .toJson(JsonWriterSettings.builder().indent(true).build())
                + "\n";
    }

    /** Both axes by powers of ten: what costs the same at every size is level, what walks through everything rises as steeply as the size. */
    private String svg() {
        StringBuilder svg = new StringBuilder(line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>",
                WIDTH, HEIGHT));
        for (int power = 2; power <= 5; power++) {
            double y = y(Math.pow(10, power));
            svg.append(line(
                    "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f µs</text>",
                    LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, Math.pow(10, power)));
        }
        for (Report size : sizes) {
            svg.append(line(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>",
                    x(size), HEIGHT - EDGE / 2, Room.total(size.rooms()).resources()));
        }
        int number = 0;
        for (Operation operation : Operation.values()) {
            putCurve(operation, number++, svg);
        }
        return svg.append("</svg>\n").toString();
    }

    private void putCurve(Operation operation, int number, StringBuilder svg) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder points = new StringBuilder();
        sizes.forEach(
                size -> points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(size), y(micros(size, operation)))));
        int label = EDGE + 14 + number * 20;
        svg.append(line(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                        + "<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" y=\"%d\">%s</text>",
                points.toString().strip(),
                colour,
                WIDTH - RIGHT + 14,
                label - 4,
                colour,
                WIDTH - RIGHT + 38,
                label,
                operation.title().replace("`", "")));
    }

    private double x(Report size) {
        double least = magnitude(sizes.get(0));
        double most = magnitude(sizes.get(sizes.size() - 1));
        double at = (magnitude(size) - least) / Math.max(1e-9, most - least);
        return LEFT + 20 + at * (WIDTH - LEFT - RIGHT - 40);
    }

    private static double magnitude(Report size) {
        return Math.log10((double) Room.total(size.rooms()).resources());
    }

    private static double y(double micros) {
        return HEIGHT - EDGE - (Math.log10(Math.max(100, micros)) - 2) / 3.3 * (HEIGHT - 2 * EDGE);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
