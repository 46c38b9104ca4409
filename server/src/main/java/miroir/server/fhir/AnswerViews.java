package miroir.server.fhir;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.search.QueryParameter;
import miroir.server.format.AnswerFormat;
import miroir.server.format.Format;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import miroir.storage.views.StoredView;
import miroir.storage.views.StoredViews;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Answers what is asked about views, of which HAPI knows nothing: a ViewDefinition is no resource of R4. */
final class AnswerViews {
    private static final List<String> PARAMETERS = List.of("_format", "_pretty");

    private final PresentInteractions interactions;
    private final StoredViews stored;

    AnswerViews(PresentInteractions interactions, StoredViews stored) {
        this.interactions = interactions;
        this.stored = stored;
    }

    /** False where it is something else that is asked for. */
    boolean answers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        Interaction interaction = exchange.route().interaction();
        switch (interaction) {
            case RUN_VIEW -> {
                boolean hasBody = request.getMethod().equals("POST");
                byte[] body = hasBody ? request.getInputStream().readAllBytes() : new byte[0];
                interactions.take().runView().answer(exchange, body, stored, response);
            }
            case LIST_VIEWS -> send(exchange, list(exchange), response);
            case READ_VIEW ->
                send(exchange, stored.require(exchange.route().id()).definition(), response);
            default -> {
                return false;
            }
        }
        return true;
    }

    private RawBsonDocument list(Exchange exchange) {
        BsonArray entries = new BsonArray();
        for (StoredView view : stored.all()) {
            entries.add(new BsonDocument(
                            "fullUrl", new BsonString(exchange.base() + "/" + StoredView.TYPE + "/" + view.id()))
                    .append("resource", view.definition())
                    .append("search", new BsonDocument("mode", new BsonString("match"))));
        }
        BsonDocument bundle = new BsonDocument("resourceType", new BsonString("Bundle"))
                .append("type", new BsonString("searchset"))
                .append("total", new BsonInt32(entries.size()));
        if (!entries.isEmpty()) {
            bundle.append("entry", entries);
        }
        return new RawBsonDocument(bundle, new BsonDocumentCodec());
    }

    private static void send(Exchange exchange, RawBsonDocument resource, HttpServletResponse response)
            throws IOException {
        AnswerFormat format = AnswerFormat.of(exchange.request(), exchange.query(), exchange.preferredFormat());
        if (format.format() == Format.XML) {
            throw new Refusal(
                    Refusal.Reason.NOT_ACCEPTABLE,
                    "a " + StoredView.TYPE + " is no resource of R4 and has no XML; allowed is "
                            + Format.JSON.mediaType());
        }
        refuseOthers(exchange);
        Utf8Buffer body = new Utf8Buffer(1 << 12);
        ResourceWriter.write(resource, body, format.isPretty());
        response.setContentType(Format.JSON.contentType());
        response.setContentLength(body.size());
        body.writeTo(response.getOutputStream());
        exchange.wrote(body.size());
    }

    private static void refuseOthers(Exchange exchange) {
        exchange.query().stream()
                .map(QueryParameter::name)
                .filter(name -> !PARAMETERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Refusal(
                            Refusal.Reason.INVALID,
                            "the parameter \"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                                    + String.join(", ", PARAMETERS));
                });
    }
}
