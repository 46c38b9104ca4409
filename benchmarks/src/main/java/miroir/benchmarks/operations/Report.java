package miroir.benchmarks.operations;

import java.util.List;
import java.util.Locale;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;
import org.bson.Document;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run, for people and for programs.
 *
 * @param subject what was measured, if it is somebody else's server
 * @param rooms what the resources take, where the database can be looked into
 * @param residentMegabytes memory of the server's process after everything; 0 where it cannot be seen
 * @param restedMegabytes the same when it has rested
 * @param last the run that this one is compared with
 */
record Report(
        String date,
        String revision,
        @Nullable String subject,
        Plan plan,
        Machine machine,
        List<Measurement> medians,
        List<Room> rooms,
        long residentMegabytes,
        long restedMegabytes,
        @Nullable LastRun last)
        implements MeasuredReport {
    private static final double WANTED_BYTES = 1_700;
    private static final int WANTED_MEGABYTES = 300;

    /** The measurement of the way for the operation; null where it was not asked so. */
    @Nullable
    Measurement of(Way way, Operation operation) {
        return medians.stream()
                .filter(each -> each.way() == way && each.operation() == operation)
                .findFirst()
                .orElse(null);
    }

    /** How much of the limit was reached: CPU of the bare servlet and its queries, divided by ours; null where there is no limit to hold against. */
    @Nullable
    Double ofLimit(Operation operation) {
        Measurement served = of(Way.SERVED, operation);
        Measurement bare = of(Way.BARE, operation);
        return served == null || bare == null ? null : bare.micros() / served.micros();
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder(
                subject == null ? "# Operations, and their limits\n\n" : "# Operations of " + subject + "\n\n");
        text.append(line(
                "Written by `./miroir bench%s` on %s at revision %s; [how to read it](README.md).",
                subject == null ? " --" + plan.name() : " --url", date, revision));
        text.append(line(
                "%s%d connections, medians of %d interleaved rounds, %d cores shared by client, server and database, %s, load before the run %.1f.",
                subject == null ? resources() + ", " : "",
                LoadClient.CONNECTIONS,
                plan.rounds(),
                machine.cores(),
                subject == null
                        ? "MongoDB " + machine.database() + ", Java " + machine.java()
                        : "client in Java " + machine.java(),
                machine.loadBefore()));
        if (subject == null) {
            putLimits(text);
        }
        putFigures(text);
        if (!rooms.isEmpty()) {
            putRooms(text);
        }
        return text.toString();
    }

    private String resources() {
        Room all = Room.total(rooms);
        return "%d resources (%d practitioners)".formatted(all.resources(), plan.practitioners());
    }

    private void putLimits(StringBuilder text) {
        text.append("\n| operation | CPU of server and database, µs | of the limit, µs | reached of it | wanted | |")
                .append(last == null ? "" : " before |")
                .append("\n|---|--:|--:|--:|--:|---|")
                .append(last == null ? "" : "--:|")
                .append('\n');
        for (Operation operation : Operation.values()) {
            Double reached = ofLimit(operation);
            Measurement served = of(Way.SERVED, operation);
            Measurement bare = of(Way.BARE, operation);
            if (reached == null || served == null || bare == null) {
                continue;
            }
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | **%.2f** | %.2f%s | %s |",
                    operation.title(),
                    served.micros(),
                    bare.micros(),
                    reached,
                    operation.target(),
                    operation.mostMicros() == 0 ? "" : ", " + operation.mostMicros() + " µs",
                    judged(operation, reached, served.micros())));
            text.append(last == null ? "" : before(operation)).append('\n');
        }
        if (last != null) {
            text.append(line(
                    "\nBefore: the run of %s at revision %s, as much of its own limit.", last.date(), last.revision()));
        }
    }

    private static String judged(Operation operation, double reached, double micros) {
        boolean isFast = operation.mostMicros() == 0 || micros <= operation.mostMicros();
        boolean isNear = reached >= operation.target();
        return isFast && isNear ? "reached" : isNear ? "reached, not in µs" : isFast ? "in µs only" : "missed";
    }

    private String before(Operation operation) {
        Double before = last == null ? null : last.ratios().get(operation.name());
        return before == null ? " – |" : String.format(Locale.ROOT, " %.2f |", before);
    }

    private void putFigures(StringBuilder text) {
        text.append(
                "\n| operation | way | req/s | p50 ms | p95 ms | p99 ms | server CPU µs | database CPU µs | client CPU µs |\n");
        text.append("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Measurement m : medians) {
            text.append(line(
                    "| %s | %s | %.0f | %.2f | %.2f | %.2f | %s | %s | %.0f |",
                    m.operation().title(),
                    m.way().code(),
                    m.perSecond(),
                    m.p50Millis(),
                    m.p95Millis(),
                    m.p99Millis(),
                    seen(m.serverMicros()),
                    seen(m.databaseMicros()),
                    m.clientMicros()));
        }
    }

    private static String seen(double micros) {
        return micros == 0 ? "–" : String.format(Locale.ROOT, "%.0f", micros);
    }

    private void putRooms(StringBuilder text) {
        text.append(
                "\n| on the disk | resources | documents, bytes each | indexes, bytes each | both |\n|---|--:|--:|--:|--:|\n");
        for (Room room : rooms) {
            putRoom(room, text);
        }
        putRoom(Room.total(rooms), text);
        text.append(line(
                "\nWanted: %.0f bytes for each, and %d MB of memory for the server, which had %d MB after all of this, and %d when it had rested.",
                WANTED_BYTES, WANTED_MEGABYTES, residentMegabytes, restedMegabytes));
    }

    private static void putRoom(Room room, StringBuilder text) {
        text.append(line(
                "| %s | %d | %.0f | %.0f | **%.0f** |",
                room.type(),
                room.resources(),
                (double) room.documents() / room.resources(),
                (double) room.indexes() / room.resources(),
                room.bytesEach()));
    }

    @Override
    public String json() {
        Document report = new Document("date", date)
                .append("revision", revision)
                .append("subject", subject)
                .append("practitioners", plan.practitioners())
                .append("rounds", plan.rounds())
                .append("cores", machine.cores())
                .append("java", machine.java())
                .append("mongodb", machine.database())
                .append("loadBefore", machine.loadBefore())
                .append("residentMegabytes", residentMegabytes)
                .append("restedMegabytes", restedMegabytes)
                .append(
                        "operations",
                        medians.stream()
                                .map(Measurement::operation)
                                .distinct()
                                .map(this::limit)
                                .toList())
                .append("medians", medians.stream().map(Report::document).toList())
                .append("rooms", rooms.stream().map(Report::document).toList());
        return report.toJson(JsonWriterSettings.builder().indent(true).build()) + "\n";
    }

    private Document limit(Operation operation) {
        return new Document("operation", operation.name())
                .append("ofLimit", ofLimit(operation))
                .append("target", operation.target())
                .append("mostMicros", operation.mostMicros());
    }

    private static Document document(Measurement m) {
        return new Document("operation", m.operation().name())
                .append("way", m.way().code())
                .append("perSecond", m.perSecond())
                .append("p50Millis", m.p50Millis())
                .append("p95Millis", m.p95Millis())
                .append("p99Millis", m.p99Millis())
                .append("serverMicros", m.serverMicros())
                .append("databaseMicros", m.databaseMicros())
                .append("clientMicros", m.clientMicros());
    }

    private static Document document(Room room) {
        return new Document("type", room.type())
                .append("resources", room.resources())
                .append("documents", room.documents())
                .append("indexes", room.indexes());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
