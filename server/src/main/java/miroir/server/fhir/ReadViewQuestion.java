package miroir.server.fhir;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.ResourceReader;
import miroir.index.search.QueryParameter;
import miroir.index.value.DateInterval;
import miroir.index.view.ReadView;
import miroir.index.view.View;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import miroir.server.format.Format;
import miroir.server.format.RowFormat;
import miroir.server.format.SentParameters;
import miroir.server.pipeline.Exchange;
import miroir.storage.views.StoredView;
import miroir.storage.views.StoredViews;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is asked of a view: in the URL, in a Parameters resource, or in both; instead of the latter the view alone may be sent. What of the URL is no parameter
 * of the operation is one of a search of the resources.
 *
 * <p>The body is JSON: a ViewDefinition is no resource of R4, and nothing says how one is written in XML.
 */
final class ReadViewQuestion {
    private static final String VIEW_RESOURCE = "viewResource";
    private static final String VIEW_REFERENCE = "viewReference";
    private static final String RESOURCE = "resource";
    private static final String FORMAT = "_format";
    private static final String HEADER = "header";
    private static final String LIMIT = "_limit";
    private static final String SINCE = "_since";
    private static final int LONGEST_MESSAGE = 2_000;

    private static final Set<String> TEXTS = new TreeSet<>(Set.of(FORMAT, HEADER, LIMIT, SINCE, VIEW_REFERENCE));
    private static final Set<String> RESOURCES = new TreeSet<>(Set.of(VIEW_RESOURCE, RESOURCE));

    /** What the specification has as well. */
    private static final Set<String> NOT_OFFERED = Set.of("patient", "group", "source");

    /** Of searches, what chooses resources without being about their content. */
    private static final Set<String> CHOOSING =
            Set.of("_id", "_lastUpdated", "_tag", "_profile", "_security", "_source", "_has", "_text", "_content");

    private final ResourceReader reader;
    private final ReadView readView;

    ReadViewQuestion(ResourceReader reader, ReadView readView) {
        this.reader = reader;
        this.readView = readView;
    }

    /** What was sent. */
    private static final class Sent {
        private final Map<String, String> texts = new HashMap<>();
        private final List<QueryParameter> filter = new ArrayList<>();
        private @Nullable BsonDocument view;
        private @Nullable List<RawBsonDocument> resources;

        void text(String name, String value) {
            if (texts.putIfAbsent(name, value) != null) {
                throw invalid(name + " is given twice; allowed is once");
            }
        }
    }

    ViewQuestion read(Exchange exchange, byte[] body, StoredViews stored) {
        Sent sent = new Sent();
        exchange.query().forEach(parameter -> addAsked(parameter, sent));
        if (body.length > 0) {
            addSent(exchange, body, sent);
        }
        String since = sent.texts.get(SINCE);
        if (since != null && DateInterval.parseOrNull(since, ZoneOffset.UTC) == null) {
            throw invalid(SINCE + "=" + Refusal.shown(since)
                    + " is no date; allowed are an instant, such as 2026-01-31T10:00:00Z, and a date");
        }
        if (since != null) {
            sent.filter.add(new QueryParameter("_lastUpdated", "ge" + since));
        }
        return question(exchange, sent, stored);
    }

    private ViewQuestion question(Exchange exchange, Sent sent, StoredViews stored) {
        StoredView known = known(exchange, sent, stored);
        View view = known == null ? posted(sent.view) : known.view();
        if (sent.resources != null && !sent.filter.isEmpty()) {
            throw invalid("resources are sent, of which all are shown; "
                    + sent.filter.get(0).name() + " chooses among those that are stored");
        }
        return new ViewQuestion(
                view,
                name(known, view),
                RowFormat.of(sent.texts.get(FORMAT), exchange.request().getHeader("Accept")),
                truth(sent.texts.get(HEADER)),
                limit(sent.texts.get(LIMIT)),
                sent.resources,
                sent.filter);
    }

    private static String name(@Nullable StoredView known, View view) {
        return known == null ? Objects.requireNonNullElse(view.name(), "view") : known.id();
    }

    /** The one of ours that is meant; null where one was sent. */
    private static @Nullable StoredView known(Exchange exchange, Sent sent, StoredViews stored) {
        String id = exchange.route().id();
        String reference = sent.texts.get(VIEW_REFERENCE);
        long given = Stream.of(!id.isEmpty(), reference != null, sent.view != null)
                .filter(each -> each)
                .count();
        if (given != 1) {
            throw invalid(
                    "the view is named " + given + " times; allowed is once: by the path, ViewDefinition/[id]/$run,"
                            + " by " + VIEW_REFERENCE + ", or as " + VIEW_RESOURCE + " in a Parameters resource");
        }
        if (!id.isEmpty()) {
            return stored.require(id);
        }
        return reference == null ? null : stored.resolve(reference, exchange.base());
    }

    private View posted(@Nullable BsonDocument view) {
        try {
            return readView.read(YamlNode.of(StoredView.TYPE, Objects.requireNonNull(view)));
        } catch (ConfigurationRefused e) {
            String path = shortened(StoredView.TYPE + (e.path().isEmpty() ? "" : "." + e.path()));
            throw new Refusal(Refusal.Reason.UNPROCESSABLE, path + ": " + shortened(e.reason()), path);
        }
    }

    /** It may name what was sent, of whatever length. */
    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }

    // --- the URL

    private static void addAsked(QueryParameter parameter, Sent sent) {
        String name = parameter.name();
        if (TEXTS.contains(name)) {
            sent.text(name, parameter.value());
            return;
        }
        requireOffered(name);
        if (RESOURCES.contains(name)) {
            throw invalid(name + " is sent in a Parameters resource, with POST");
        }
        boolean isOfAnswer = name.startsWith("_") && !CHOOSING.contains(name.split("[:]", 2)[0]);
        if (isOfAnswer) {
            throw invalid("the parameter \"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                    + String.join(", ", TEXTS) + ", and what a search of the resources chooses by");
        }
        sent.filter.add(parameter);
    }

    private static void requireOffered(String name) {
        if (NOT_OFFERED.contains(name)) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "the parameter " + name + " is not offered here; resources are chosen by what a search of them has,"
                            + " in the URL");
        }
    }

    // --- the body

    private void addSent(Exchange exchange, byte[] body, Sent sent) {
        if (Format.ofBody(exchange.request().getHeader("Content-Type")) != Format.JSON) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "a " + StoredView.TYPE + " is no resource of R4 and has no XML; allowed is "
                            + Format.JSON.mediaType());
        }
        RawBsonDocument read = reader.readUnchecked(body);
        BsonValue type = read.get("resourceType");
        if (type == null || !type.isString()) {
            throw invalid("the body has no resourceType; allowed are " + StoredView.TYPE + " and Parameters");
        }
        if (type.asString().getValue().equals(StoredView.TYPE)) {
            sent.view = read;
            return;
        }
        SentParameters.of(read).forEach(parameter -> add(parameter, sent));
    }

    private void add(BsonDocument parameter, Sent sent) {
        String name = SentParameters.name(parameter);
        requireOffered(name);
        if (RESOURCES.contains(name)) {
            addResource(name, parameter.get("resource"), sent);
        } else if (TEXTS.contains(name)) {
            sent.text(name, SentParameters.text(parameter));
        } else {
            throw invalid("the parameter \"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                    + String.join(", ", TEXTS) + ", " + String.join(", ", RESOURCES));
        }
    }

    private void addResource(String name, @Nullable BsonValue resource, Sent sent) {
        if (resource == null || !resource.isDocument()) {
            throw invalid("the parameter " + name + " has no resource");
        }
        RawBsonDocument document = new RawBsonDocument(resource.asDocument(), new BsonDocumentCodec());
        if (name.equals(RESOURCE)) {
            reader.check(document);
            sent.resources = sent.resources == null ? new ArrayList<>() : sent.resources;
            sent.resources.add(document);
        } else if (sent.view == null) {
            sent.view = document;
        } else {
            throw invalid(name + " is given twice; allowed is once");
        }
    }

    private static boolean truth(@Nullable String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw invalid(HEADER + "=" + Refusal.shown(text) + "; allowed: true, false");
        }
        return !"false".equals(text);
    }

    private static long limit(@Nullable String text) {
        if (text == null) {
            return Long.MAX_VALUE;
        }
        if (!text.matches("[1-9][0-9]{0,9}")) {
            throw invalid(LIMIT + "=" + Refusal.shown(text) + " is no whole number from 1 to 9999999999");
        }
        return Long.parseLong(text);
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
