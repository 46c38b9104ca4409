package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.Shape;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.ShapeParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.server.format.AnswerFormat;
import miroir.server.format.Format;
import miroir.server.format.Preference;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Step;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** A request in the words of FHIR, taken from what the client sent and not from what HAPI made of it. */
final class FhirRequest {
    /** Parameters that concern the answer, whatever is asked. */
    static final List<String> FOR_EVERY_INTERACTION = List.of("_format", "_pretty", FillDisplays.PARAMETER);

    /** What takes as much memory as a page does that tells of resources. */
    private static final AnswerFormat INDENTED = new AnswerFormat(Format.JSON, true);

    private final HttpServletRequest servletRequest;
    private final Exchange exchange;
    private final List<QueryParameter> query;
    private final AnswerFormat format;
    private final boolean whole;
    private final List<String> displayAsked;

    /** Null: this is a request of its own, with headers and perhaps a body. */
    private final @Nullable EntryRequest entry;

    private FhirRequest(Exchange exchange, boolean whole) {
        this.exchange = exchange;
        this.whole = whole;
        this.servletRequest = exchange.request();
        this.query = exchange.query();
        this.displayAsked = displayAsked(query);
        this.format = isReadOfBinary(exchange.route())
                ? AnswerFormat.ofBinary(servletRequest, query, exchange.preferredFormat())
                : AnswerFormat.of(servletRequest, query, exchange.preferredFormat());
        this.entry = null;
    }

    private static boolean isReadOfBinary(Route route) {
        boolean isRead = route.interaction() == Interaction.READ || route.interaction() == Interaction.VREAD;
        return isRead && route.type().equals(BinaryContent.TYPE);
    }

    private FhirRequest(FhirRequest bundle, Exchange exchange, EntryRequest entry) {
        this.exchange = exchange;
        this.whole = bundle.whole;
        this.servletRequest = bundle.servletRequest;
        this.query = exchange.query();
        this.displayAsked = displayAsked(query).isEmpty() ? bundle.displayAsked : displayAsked(query);
        this.format = bundle.format;
        this.entry = entry;
    }

    /** What a page of ours asks for: the headers are those of the page, and say nothing of it. */
    private FhirRequest(Exchange exchange, EntryRequest entry) {
        this.exchange = exchange;
        this.whole = false;
        this.servletRequest = exchange.request();
        this.query = exchange.query();
        this.displayAsked = displayAsked(query);
        this.format = INDENTED;
        this.entry = entry;
    }

    /** A request that a page of ours makes, for which nobody waits any longer than that. */
    static FhirRequest inside(Exchange exchange, Deadline deadline) {
        return new FhirRequest(exchange, new EntryRequest(Map.of(), null, "", deadline));
    }

    private static List<String> displayAsked(List<QueryParameter> query) {
        return query.stream()
                .filter(parameter -> parameter.name().equals(FillDisplays.PARAMETER))
                .map(QueryParameter::value)
                .distinct()
                .toList();
    }

    /** What is said of labels: by an entry, or by the bundle that it is in. */
    List<String> displayAsked() {
        return displayAsked;
    }

    /** What an entry of this bundle asks for, in the format and with the preferences of the whole. */
    FhirRequest entry(Exchange asked, EntryRequest sent) {
        return new FhirRequest(this, asked, sent);
    }

    static FhirRequest of(ServletRequestDetails details) {
        return of(details, false);
    }

    /** One that is answered with whole resources; whoever asked has HAPI leave out parts of them. */
    static FhirRequest ofWholeResources(ServletRequestDetails details) {
        return of(details, true);
    }

    private static FhirRequest of(ServletRequestDetails details, boolean whole) {
        FhirRequest request = new FhirRequest(
                Exchange.find(details.getServletRequest()).orElseGet(() -> HostedRequest.exchange(details)), whole);
        request.exchange.done(Step.HAPI);
        return request;
    }

    Exchange exchange() {
        return exchange;
    }

    Caller caller() {
        return exchange.caller();
    }

    /** The resource that the path names. */
    ResourceKey key() {
        return exchange.route().key();
    }

    /** The version that the path names; an empty string where it names none. */
    String version() {
        return exchange.route().version();
    }

    /** What was asked, below the base. */
    String path() {
        return exchange.route().path();
    }

    String base() {
        return exchange.base();
    }

    List<QueryParameter> query() {
        return query;
    }

    @Nullable
    String header(String name) {
        return entry == null
                ? servletRequest.getHeader(name)
                : entry.conditions().get(name);
    }

    /** The resource that an entry of a bundle sends; null where this is a request with a body of its own. */
    @Nullable
    RawBsonDocument resource() {
        if (entry == null) {
            return null;
        }
        RawBsonDocument resource = entry.resource();
        if (resource == null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    exchange.route().interaction().code() + " needs a resource, and the entry has none");
        }
        return resource;
    }

    /** The id of what is created, where the client chooses none. */
    String newId() {
        return entry == null ? UUID.randomUUID().toString() : entry.newId();
    }

    /** So long from now; of an entry no longer than the whole bundle has. */
    Deadline deadline(Duration patience) {
        Deadline own = Deadline.in(patience);
        return entry == null ? own : own.orEarlier(entry.deadline());
    }

    /** What {@code If-Match} or {@code If-None-Match} names; null where the header is not given. */
    @Nullable
    EntityTags tags(String header) {
        String ofEntry = entry == null ? null : entry.conditions().get(header);
        List<String> lines = entry == null
                ? Collections.list(servletRequest.getHeaders(header))
                : Optional.ofNullable(ofEntry).stream().toList();
        return lines.isEmpty() ? null : EntityTags.of(header, lines);
    }

    /** What {@code Prefer: handling=} says, or this where it says nothing that is known. */
    Handling handling(Handling otherwise) {
        return preferredHandling()
                .map(preference -> preference.value().equals("lenient") ? Handling.LENIENT : Handling.STRICT)
                .orElse(otherwise);
    }

    Optional<Preference> preferredHandling() {
        return preference("handling", "strict", "lenient");
    }

    Optional<Preference> preferredReturn() {
        return preference("return", "minimal", "representation", "OperationOutcome");
    }

    private Optional<Preference> preference(String name, String... meaningful) {
        return Preference.of(Collections.list(servletRequest.getHeaders("Prefer")), name, meaningful);
    }

    /** The parts that {@code _summary} and {@code _elements} ask for; not for searches, which have more of them. */
    Shape shape() {
        return ShapeParameters.of(key().type(), query);
    }

    /** What is answered of a stored resource. */
    RawBsonDocument shown(RawBsonDocument fhir, Shape shape) {
        return whole ? fhir : shape.of(fhir);
    }

    /** Whether this reads a Binary and wants its content, which is of that type, rather than the resource. */
    boolean isForContent(String contentType) {
        return isReadOfBinary(exchange.route()) && AnswerFormat.isForContent(servletRequest, query, contentType);
    }

    /** How the answer is to be written. */
    AnswerFormat format() {
        return format;
    }

    /** Refuses parameters where none has a meaning, except those that every interaction has. */
    void refuseParameters() {
        refuseParametersBut(List.of());
    }

    /** Refuses all parameters but these and those that every interaction has. */
    void refuseParametersBut(List<String> own) {
        List<String> allowed =
                Stream.concat(own.stream(), FOR_EVERY_INTERACTION.stream()).toList();
        query.stream()
                .map(QueryParameter::name)
                .filter(name -> !allowed.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(name, allowed);
                });
    }

    private static Refusal refused(String name, List<String> allowed) {
        return ShapeParameters.NAMES.contains(name)
                ? new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        name + " is not offered for this interaction; reads, searches and histories take it")
                : new Refusal(
                        Refusal.Reason.INVALID,
                        "the parameter \"" + Refusal.shown(name) + "\" means nothing here; allowed: "
                                + String.join(", ", allowed));
    }
}
