package miroir.server.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.search.QueryParameter;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Found;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.KeptAudit.Question;
import miroir.index.store.NoteId;
import miroir.server.audit.AuditEvents;
import miroir.server.pipeline.CutAnswer;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.AdminRoute;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** Who did what, page by page, or all of it. */
public final class AuditPages {
    /** What is exported. */
    public static final String NDJSON = "application/fhir+ndjson";

    private static final String AFTER = "after";
    private static final int PAGE = 100;
    private static final int PIECE = 500;
    private static final int FLUSHED = 1 << 16;

    private final KeptAudit audit;

    AuditPages(KeptAudit audit) {
        this.audit = audit;
    }

    /**
     * The newest notes as AuditEvents.
     *
     * @param next behind which note there are more; null: there are none
     */
    public record Newest(
            List<BsonDocument> events, @Nullable String next) {
        public Newest {
            events = List.copyOf(events);
        }
    }

    /** Refused where that cannot be asked for. */
    static void require(List<QueryParameter> query) {
        Objects.requireNonNull(AuditFilter.of(AdminRoute.AUDIT, query));
    }

    /** What the first page has. */
    Newest newest(List<QueryParameter> query) {
        AuditFilter filter = AuditFilter.of(AdminRoute.AUDIT, query);
        Found found = audit.find(filter.question(), true, null, PAGE);
        NoteId next = found.next();
        return new Newest(found.notes().stream().map(AuditEvents::of).toList(), next == null ? null : next.toString());
    }

    /** A Bundle of the newest, with a link to those before. */
    BsonDocument page(Exchange exchange) {
        AuditFilter filter = AuditFilter.of(exchange.adminCall().route(), exchange.query());
        Found found = audit.find(filter.question(), true, filter.after(), PAGE);
        BsonArray links = new BsonArray(List.of(link("self", url(exchange, filter.after()))));
        if (found.next() != null) {
            links.add(link("next", url(exchange, found.next())));
        }
        BsonDocument bundle = new BsonDocument("resourceType", new BsonString("Bundle"))
                .append("type", new BsonString("searchset"))
                .append("link", links);
        if (!found.notes().isEmpty()) {
            bundle.append("entry", found.notes().stream().map(AuditPages::entry).collect(AdminAnswer.list()));
        }
        return bundle;
    }

    private static BsonDocument entry(Note note) {
        return new BsonDocument("fullUrl", new BsonString("urn:uuid:" + note.id()))
                .append("resource", AuditEvents.of(note))
                .append("search", new BsonDocument("mode", new BsonString("match")));
    }

    private static BsonDocument link(String relation, String url) {
        return new BsonDocument("relation", new BsonString(relation)).append("url", new BsonString(url));
    }

    private static String url(Exchange exchange, @Nullable NoteId after) {
        List<QueryParameter> query = new ArrayList<>(exchange.query());
        query.removeIf(parameter -> parameter.name().equals(AFTER));
        if (after != null) {
            query.add(new QueryParameter(AFTER, after.toString()));
        }
        String path = exchange.root() + AdminRoute.BASE + "/" + AdminRoute.AUDIT.path();
        return query.isEmpty() ? path : path + "?" + QueryParameter.encode(query);
    }

    /**
     * All of it until now, as it is found. Where that fails after some was sent, the connection is cut: an end would say that this was all.
     */
    void export(Exchange exchange, HttpServletResponse response) throws IOException {
        AuditFilter filter = AuditFilter.of(exchange.adminCall().route(), exchange.query());
        Question question = untilNow(filter.question());
        Found found = audit.find(question, false, null, PIECE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType(NDJSON);
        Utf8Buffer out = new Utf8Buffer(FLUSHED);
        try {
            while (true) {
                send(found, out, response);
                if (found.next() == null) {
                    return;
                }
                exchange.requireStillAllowed();
                found = audit.find(question, false, found.next(), PIECE);
            }
        } catch (RuntimeException failure) {
            response.flushBuffer();
            throw new CutAnswer(failure);
        }
    }

    private static Question untilNow(Question question) {
        return question.to() != null
                ? question
                : new Question(question.from(), Instant.now(), question.values(), question.unknown());
    }

    private static void send(Found found, Utf8Buffer out, HttpServletResponse response) throws IOException {
        out.clear();
        for (Note note : found.notes()) {
            ResourceWriter.write(new RawBsonDocument(AuditEvents.of(note), new BsonDocumentCodec()), out, false);
            out.putByte('\n');
            if (out.size() >= FLUSHED) {
                out.writeTo(response.getOutputStream());
                out.clear();
            }
        }
        out.writeTo(response.getOutputStream());
    }
}
