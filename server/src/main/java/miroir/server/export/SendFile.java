package miroir.server.export;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Shape;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.storage.Committed;
import miroir.storage.HeldPage;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * Sends a file of an export while it is read: a page of resources as they are stored, as text into a small buffer, and from there to the client; meanwhile the next page is read, and no more. So a file of any size takes the
 * memory of two pages, and whoever reads slowly is waited for between two questions to the database.
 *
 * <p>A file that is not all of what it should be does not end like one that is: the connection is cut. So is one that has fewer lines than were counted, unless so many resources were
 * erased since, which are shown to nobody any more.
 */
final class SendFile {
    private static final int FLUSHED = 1 << 16;
    private static final int RESOURCES_OF_A_PAGE = 1_000;
    private static final int ABORT = -1;

    private final WorkingMemory memory;
    private final Turns turns;
    private final Duration patience;
    private final ExecutorService readers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "exports-read");
        thread.setDaemon(true);
        return thread;
    });

    SendFile(WorkingMemory memory, Turns turns, Duration patience) {
        this.memory = memory;
        this.turns = turns;
        this.patience = patience;
    }

    /** Sends one. */
    void run(ExportSearch search, Export export, ExportFile file, Exchange exchange, HttpServletResponse response)
            throws IOException {
        exchange.holding(memory.forPage(
                file.type(), IntStream.of(RESOURCES_OF_A_PAGE, RESOURCES_OF_A_PAGE), Deadline.in(patience)));
        Sending sending = new Sending(search, export.asked(), file, exchange, response);
        try {
            if (file.kind() == ExportFile.Kind.RESOURCES) {
                sending.resources();
            } else {
                sending.deletions();
            }
            sending.flush();
            exchange.wrote(sending.written);
        } catch (Throwable failure) {
            if (!response.isCommitted()) {
                throw failure;
            }
            response.sendError(ABORT);
            throw new IOException("the file ended early: " + failure.getMessage(), failure);
        }
    }

    /** One while it is sent. */
    private final class Sending {
        private final ExportSearch search;
        private final Asked asked;
        private final ExportFile file;
        private final Exchange exchange;
        private final HttpServletResponse response;
        private final Caller caller;
        private final Utf8Buffer out = new Utf8Buffer(2 * FLUSHED);
        private long lines;
        private long written;

        Sending(ExportSearch search, Asked asked, ExportFile file, Exchange exchange, HttpServletResponse response) {
            this.search = search;
            this.asked = asked;
            this.file = file;
            this.exchange = exchange;
            this.response = response;
            this.caller = search.caller(asked);
        }

        void resources() throws IOException {
            search.requireSame(asked, caller);
            ExportSearch.Selection of = search.of(asked, file.type(), caller);
            Shape shape = asked.shape(file.type());
            try (ReadAhead pages = new ReadAhead(
                    readers,
                    after -> inTurn(deadline -> search.page(asked, of, caller, after, file.upTo(), deadline)),
                    file.after(),
                    file.upTo())) {
                Optional<HeldPage> page = pages.next();
                while (page.isPresent()) {
                    for (ResourceVersion.Live each : page.get().resources()) {
                        line(shape.of(each.fhir()));
                    }
                    page = pages.next();
                }
            }
            requireAll();
        }

        private void requireAll() {
            if (lines != file.count() && lines + search.store().erasedSince(file.type(), asked.asOf()) < file.count()) {
                throw new Refusal(
                        Refusal.Reason.EXPIRED,
                        "of " + file.count() + " resources of " + file.name() + " there are " + lines
                                + " left: ask for a new export");
            }
        }

        void deletions() throws IOException {
            CutExport.Deletions deletions = new CutExport.Deletions(search, asked, caller, file.type());
            List<Committed> some = next(deletions);
            while (!some.isEmpty()) {
                line(bundle(some));
                some = next(deletions);
            }
        }

        private List<Committed> next(CutExport.Deletions deletions) {
            return inTurn(deadline -> deletions.next(() -> deadline));
        }

        private <T> T inTurn(Read<T> read) {
            Deadline deadline = Deadline.in(patience);
            Supplier<T> search = () -> read.until(deadline);
            return turns.searches().when(exchange.asker(), deadline, search);
        }

        private void line(RawBsonDocument resource) throws IOException {
            ResourceWriter.write(resource, out, false);
            out.putByte('\n');
            lines++;
            if (out.size() >= FLUSHED) {
                flush();
            }
        }

        void flush() throws IOException {
            written += out.size();
            out.writeTo(response.getOutputStream());
            out.clear();
        }
    }

    /** One question to the database. */
    private interface Read<T> {
        T until(Deadline deadline);
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
        Utf8Buffer out = new Utf8Buffer(FLUSHED);
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
