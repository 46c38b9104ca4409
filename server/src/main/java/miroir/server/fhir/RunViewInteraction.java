package miroir.server.fhir;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.SearchRequest;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.view.CompiledView;
import miroir.index.view.Row;
import miroir.index.view.RowSink;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.format.AnswerFormat;
import miroir.server.format.RowFormat;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SeenThen;
import miroir.server.pipeline.SentInParts;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.views.WriteRows;
import miroir.storage.views.StoredViews;
import org.bson.RawBsonDocument;

/**
 * {@code $run} of a view: rows of all resources that whoever asks may see, as they were at one instant, sent while they are made.
 *
 * <p>Resources are read page by page, each once it is the turn of who asks and there is memory for it, and given back before the next one; so it does not matter how
 * many there are, and who reads slowly holds one page. The instant is when it began: the store shows what held then, whatever is written meanwhile. It takes no
 * longer than is configured; whoever waits for more asks for less at once.
 */
final class RunViewInteraction {
    /** So many resources are read at once. */
    private static final int AT_ONCE = 500;

    /** How long the present may take to settle. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final ResourceStore store;
    private final Set<String> types;
    private final ReadViewQuestion readQuestion;
    private final QueryReader reader;
    private final ServerConfiguration configuration;
    private final WorkingMemory memory;
    private final Turns turns;
    private final NeverCopied neverCopied;

    RunViewInteraction(
            ResourceStore store,
            Set<String> types,
            ReadViewQuestion readQuestion,
            QueryReader reader,
            ServerConfiguration configuration,
            WorkingMemory memory,
            Turns turns) {
        this.store = store;
        this.types = Set.copyOf(types);
        this.readQuestion = readQuestion;
        this.reader = reader;
        this.configuration = configuration;
        this.memory = memory;
        this.turns = turns;
        this.neverCopied = new NeverCopied(store);
    }

    void answer(Exchange exchange, byte[] body, StoredViews stored, HttpServletResponse response) throws IOException {
        ViewQuestion question = readQuestion.read(exchange, body, stored);
        List<RawBsonDocument> sent = question.resources();
        Rows rows = sent == null ? stored(exchange, question) : sink -> ofSent(question, sent, sink);
        exchange.done(Step.PARSE);
        if (sent == null) {
            // What was sent is read, and the rows need memory of their own.
            exchange.doneWithBody();
        }
        Runnable end = turns.views().begin(exchange.asker());
        try {
            send(exchange, question, rows, response);
        } finally {
            end.run();
        }
    }

    /** Where rows come from. */
    private interface Rows {
        void tell(Sending sink) throws IOException;
    }

    private void send(Exchange exchange, ViewQuestion question, Rows rows, HttpServletResponse response)
            throws IOException {
        RowFormat format = question.format();
        warn(question, response);
        SentInParts.send(question.name() + "." + format.shortName(), format.contentType(), exchange, response, sent -> {
            WriteRows write = new WriteRows(question.view().compiled().columns(), format, sent.buffer());
            write.begin(question.hasHeader());
            rows.tell(new Sending(
                    write,
                    sent,
                    question.limit(),
                    Deadline.in(configuration.views().deadline())));
            write.end();
        });
        exchange.done(Step.STORE);
    }

    /** Rows have no place to say that some may be missing. */
    private void warn(ViewQuestion question, HttpServletResponse response) {
        String type = question.view().compiled().resourceType();
        if (question.resources() == null && neverCopied.isNever(type)) {
            response.setHeader(
                    "Warning",
                    "199 - \"" + type + " was never copied whole from its source: what is not found may be there\"");
        }
    }

    private static void ofSent(ViewQuestion question, List<RawBsonDocument> resources, RowSink sink) {
        CompiledView view = question.view().compiled();
        for (RawBsonDocument resource : resources) {
            boolean isOfType = resource.getString("resourceType").getValue().equals(view.resourceType());
            if (isOfType && !view.rows(resource, sink)) {
                return;
            }
        }
    }

    /** What is wrong with the question is told before anything is sent. */
    private Rows stored(Exchange exchange, ViewQuestion question) {
        CompiledView view = question.view().compiled();
        String type = view.resourceType();
        if (!types.contains(type)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "the view is of " + type + ", which is not served here; served: " + String.join(", ", types));
        }
        Decide.onView(exchange, type);
        Deadline deadline = Deadline.in(configuration.search().deadline());
        Caller caller = exchange.caller();
        Instant asOf = store.settled(caller, PATIENCE, deadline);
        SearchRequest chosen = reader.of(caller, exchange.base(), asOf, deadline)
                .parse(type, question.filter(), Handling.STRICT, Instant.now());
        Set<String> concerned = new HashSet<>(chosen.types());
        concerned.add(type);
        if (!chosen.where().isAll() || !caller.seen().of(type).isAll()) {
            requireComplete(concerned);
        }
        Reading reading = new Reading(exchange, caller, type, chosen.where(), concerned, asOf);
        return sink -> reading.pages(page -> rowsOf(view, page, sink) && sink.pageDone());
    }

    /** A search says that it may miss some; rows have no place to say it. */
    private void requireComplete(Set<String> concerned) {
        Set<String> incomplete = new TreeSet<>(store.incompleteTypes());
        incomplete.retainAll(concerned);
        if (!incomplete.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "some of " + String.join(", ", incomplete)
                            + " cannot be found by their search parameters, which have changed since"
                            + " (see /health/ready), so there are no rows of what a search finds");
        }
    }

    private static boolean rowsOf(CompiledView view, HeldPage page, RowSink sink) {
        for (ResourceVersion.Live each : page.resources()) {
            sink.check();
            if (!view.rows(each.fhir(), sink)) {
                return false;
            }
        }
        return true;
    }

    /** What is done with a page. */
    private interface OfPage {
        /** Returns false where no more are wanted. */
        boolean take(HeldPage page) throws IOException;
    }

    /** One run through the store. */
    private final class Reading {
        private final Exchange exchange;
        private final Caller begun;
        private final String type;
        private final Condition where;
        private final SeenThen seen;
        private final Instant asOf;

        Reading(Exchange exchange, Caller begun, String type, Condition where, Set<String> concerned, Instant asOf) {
            this.exchange = exchange;
            this.begun = begun;
            this.type = type;
            this.where = where;
            this.seen = new SeenThen(concerned, begun, "the rows began");
            this.asOf = asOf;
        }

        void pages(OfPage visit) throws IOException {
            long after = 0;
            boolean isMore = true;
            while (isMore) {
                try (Held held = next(after)) {
                    after = held.page().reached();
                    isMore = visit.take(held.page()) && after < Long.MAX_VALUE;
                }
            }
        }

        private Held next(long after) {
            Deadline deadline = Deadline.in(configuration.search().deadline());
            return turns.searches()
                    .when(exchange.asker(), deadline, () -> store.inTurn(deadline, () -> read(after, deadline)));
        }

        /** Whoever lost a right since the run began would take what is left for all. */
        private Held read(long after, Deadline deadline) {
            Decide.onView(exchange, type);
            seen.requireAsMuch(exchange.caller());
            WorkingMemory.Held held = memory.forPage(type, IntStream.of(AT_ONCE, AT_ONCE), deadline);
            try {
                HeldPage page = store.held(
                        begun,
                        new HeldQuery(type, where, seen.types(), asOf, after, Long.MAX_VALUE, AT_ONCE, deadline));
                held.read(page.resources(), AnswerFormat.PLAIN_JSON);
                return new Held(page, held);
            } catch (RuntimeException e) {
                held.close();
                throw e;
            }
        }
    }

    /** A page and the memory that it takes. */
    private record Held(HeldPage page, WorkingMemory.Held memory) implements AutoCloseable {
        @Override
        public void close() {
            memory.close();
        }
    }

    /** Sends rows, as many as are wanted, for as long as it may take. */
    private static final class Sending implements RowSink {
        private final WriteRows write;
        private final SentInParts sent;
        private final Deadline deadline;
        private long left;

        Sending(WriteRows write, SentInParts sent, long limit, Deadline deadline) {
            this.write = write;
            this.sent = sent;
            this.left = limit;
            this.deadline = deadline;
        }

        @Override
        public boolean take(Row row) {
            check();
            write.row(row);
            try {
                sent.partDone();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return --left > 0;
        }

        /** Sends what there is, if that was long ago; true: more are wanted. */
        boolean pageDone() throws IOException {
            check();
            if (sent.buffer().size() == 0) {
                write.pause();
            }
            sent.partDone();
            return true;
        }

        @Override
        public void check() {
            if (deadline.remaining().isNegative()) {
                throw new Refusal(
                        Refusal.Reason.TOO_COSTLY,
                        "the view takes longer than views.deadline in server.yaml has it; ask for fewer resources: by"
                                + " parameters of a search in the URL, or by _since");
            }
        }
    }
}
