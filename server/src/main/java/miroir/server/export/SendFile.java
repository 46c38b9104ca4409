package miroir.server.export;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Shape;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Caller;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SentInParts;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.storage.Committed;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file of an export while it is read: a page of resources as they are stored, as text into a small buffer, and from there to the client. So a file of any size takes the
 * memory of a page, and whoever reads slowly is waited for between two questions to the database.
 *
 * <p>A file that is not all of what it should be does not end like one that is: the connection is cut. So is one that has not the lines that were counted. It may have fewer where resources were erased since,
 * which are shown to nobody any more: as many as were erased of those that stand in it. Where the number depends on what becomes of resources later it says nothing ({@link ExportSearch#isExact}).
 */
final class SendFile {
    private static final int WARNINGS_BYTES = 1 << 16;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final WorkingMemory memory;
    private final Turns turns;
    private final Duration patience;
    private final CountExports count;

    SendFile(WorkingMemory memory, Turns turns, Duration patience, CountExports count) {
        this.memory = memory;
        this.turns = turns;
        this.patience = patience;
        this.count = count;
    }

    /**
     * Sends one.
     *
     * @param requireAllowed refuses who may not have it any more; asked for each page
     */
    void run(
            ExportSearch search,
            Export export,
            ExportFile file,
            Exchange exchange,
            HttpServletResponse response,
            Runnable requireAllowed)
            throws IOException {
        ReadPages pages = new ReadPages(turns.searches(), memory, patience, exchange.asker(), requireAllowed, PAUSE);
        Tally tally = new Tally(count, file.kind());
        try {
            SentInParts.send(
                    exchange,
                    response,
                    sent -> new Sending(search, export.asked(), file, pages, sent, () -> tally.line(sent)).all());
            tally.whole();
            count.sentWhole();
        } catch (IOException | RuntimeException failure) {
            count.failed(CountExports.What.FILE, failure);
            throw failure;
        }
    }

    /** Counts what is sent when it is sent: a file may take hours, and a server be stopped meanwhile. */
    private static final class Tally {
        private final CountExports count;
        private final boolean isOfResources;
        private @Nullable SentInParts sent;
        private long lines;
        private long countedLines;
        private long countedBytes;

        Tally(CountExports count, ExportFile.Kind kind) {
            this.count = count;
            this.isOfResources = kind == ExportFile.Kind.RESOURCES;
        }

        /** One more, behind which nothing is in the buffer where something was sent. */
        void line(SentInParts parts) {
            sent = parts;
            lines++;
            add(parts.bytes());
        }

        void whole() {
            if (sent != null) {
                add(sent.bytes());
            }
        }

        private void add(long bytes) {
            if (bytes > countedBytes) {
                count.sent(isOfResources ? lines - countedLines : 0, bytes - countedBytes);
                countedLines = lines;
                countedBytes = bytes;
            }
        }
    }

    /** One while it is sent. */
    private static final class Sending {
        private final ExportSearch search;
        private final Asked asked;
        private final ExportFile file;
        private final ReadPages pages;
        private final SentInParts sent;
        private final Runnable lineDone;
        private final Caller caller;
        private long lines;

        Sending(
                ExportSearch search,
                Asked asked,
                ExportFile file,
                ReadPages pages,
                SentInParts sent,
                Runnable lineDone) {
            this.search = search;
            this.asked = asked;
            this.file = file;
            this.pages = pages;
            this.sent = sent;
            this.lineDone = lineDone;
            this.caller = search.caller(asked);
        }

        void all() throws IOException {
            if (file.kind() == ExportFile.Kind.RESOURCES) {
                resources();
            } else {
                deletions();
            }
        }

        private void resources() throws IOException {
            search.requireSame(asked, caller);
            ExportSearch.Selection of = search.of(asked, file.type(), caller);
            Shape shape = asked.shape(file.type());
            pages.each(
                    file.type(),
                    (after, upTo, deadline) -> search.page(asked, of, caller, after, upTo, deadline),
                    file.after(),
                    file.upTo(),
                    page -> {
                        for (ResourceVersion.Live each : page) {
                            line(shape.of(each.fhir()));
                        }
                        sent.partDone();
                    });
            if (search.isExact(asked, of, caller)) {
                requireBetween(file.count() - erased(file.after(), file.upTo()));
            }
        }

        private void deletions() throws IOException {
            CutExport.Deletions deletions = new CutExport.Deletions(search, asked, caller, file.type());
            List<Committed> bundle = deletions.next(pages::ask);
            long told = 0;
            while (!bundle.isEmpty()) {
                told += bundle.size();
                line(bundle(bundle));
                bundle = deletions.next(pages::ask);
            }
            // So many were there at least when they were counted.
            long counted = (file.count() - 1) * CutExport.DELETIONS_IN_A_BUNDLE + 1;
            boolean isLess = told + erased(0, Long.MAX_VALUE) < counted;
            requireBetween(isLess ? file.count() : 0);
        }

        private long erased(long after, long upTo) {
            return search.store().erasedSince(file.type(), asked.asOf(), after, upTo);
        }

        private void requireBetween(long least) {
            if (lines < least || lines > file.count()) {
                throw new Refusal(
                        Refusal.Reason.EXPIRED,
                        file.name() + " had " + file.count() + " lines when it was counted, and has " + lines
                                + " by now: ask for a new export");
            }
        }

        private void line(RawBsonDocument resource) throws IOException {
            ResourceWriter.write(resource, sent.buffer(), false);
            sent.buffer().putByte('\n');
            lines++;
            sent.partDone();
            lineDone.run();
        }
    }

    /** A transaction that would delete them. */
    private static RawBsonDocument bundle(List<Committed> deletions) {
        BsonArray entries = new BsonArray();
        for (Committed each : deletions) {
            BsonDocument request = new BsonDocument("method", new BsonString("DELETE"))
                    .append("url", new BsonString(each.key().toString()));
            entries.add(new BsonDocument("request", request));
        }
        return raw(new BsonDocument("resourceType", new BsonString("Bundle"))
                .append("type", new BsonString("transaction"))
                .append("entry", entries));
    }

    /** What was left out for a lenient client, an outcome on each line. */
    static byte[] warnings(Asked asked) {
        Utf8Buffer out = new Utf8Buffer(WARNINGS_BYTES);
        for (String warning : asked.warnings()) {
            BsonDocument issue = new BsonDocument("severity", new BsonString("warning"))
                    .append("code", new BsonString("not-supported"))
                    .append("diagnostics", new BsonString(warning));
            ResourceWriter.write(
                    raw(new BsonDocument("resourceType", new BsonString("OperationOutcome"))
                            .append("issue", new BsonArray(List.of(issue)))),
                    out,
                    false);
            out.putByte('\n');
        }
        return out.toByteArray();
    }

    private static RawBsonDocument raw(BsonDocument document) {
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }
}
