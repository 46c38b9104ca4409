package miroir.server.fhir;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchExpression;
import miroir.index.search.SearchParser;
import miroir.index.store.ResourceKey;

/**
 * What belongs to a resource in {@code $everything}, type by type: the compartment of a patient; of a practitioner and of an
 * organization what the directory knows of them, as searches that a client could send.
 */
final class RelatedResources {
    private static final String PATIENT = "Patient";

    private static final List<Way> DIRECTORY = List.of(
            way("Practitioner", "PractitionerRole", "practitioner=Practitioner/{id}"),
            way("Practitioner", "Organization", "_has:PractitionerRole:organization:practitioner=Practitioner/{id}"),
            way("Practitioner", "Location", "_has:PractitionerRole:location:practitioner=Practitioner/{id}"),
            way("Practitioner", "HealthcareService", "_has:PractitionerRole:service:practitioner=Practitioner/{id}"),
            way(
                    "Practitioner",
                    "HealthcareService",
                    "organization._has:PractitionerRole:organization:practitioner=Practitioner/{id}"),
            way(
                    "Practitioner",
                    "Device",
                    "organization._has:PractitionerRole:organization:practitioner=Practitioner/{id}"),
            way("Organization", "Organization", "partof=Organization/{id}"),
            way("Organization", "Organization", "_has:Organization:partof:_id={id}"),
            way("Organization", "Location", "organization=Organization/{id}"),
            way("Organization", "HealthcareService", "organization=Organization/{id}"),
            way("Organization", "PractitionerRole", "organization=Organization/{id}"),
            way("Organization", "Practitioner", "_has:PractitionerRole:practitioner:organization=Organization/{id}"),
            way("Organization", "Device", "organization=Organization/{id}"),
            way("Organization", "Endpoint", "organization=Organization/{id}"));

    private final Compartments compartments;
    private final List<Way> ways;

    /** How resources of a type are found that belong to one of the type {@code of}. */
    private record Way(String of, String type, String query) {
        SearchExpression to(String id, SearchParser parser, Instant now) {
            List<QueryParameter> parameters = QueryParameter.decode(query.replace("{id}", id));
            return parser.parse(type, parameters, Handling.STRICT, now).expression();
        }
    }

    /** The ways that this server's types and search parameters have. */
    RelatedResources(Set<String> served, Compartments compartments, SearchParser parser) {
        this.compartments = compartments;
        this.ways = DIRECTORY.stream()
                .filter(way -> served.contains(way.type()) && isKnown(way, parser))
                .toList();
    }

    private static Way way(String of, String type, String query) {
        return new Way(of, type, query);
    }

    private static boolean isKnown(Way way, SearchParser parser) {
        try {
            way.to("any", parser, Instant.EPOCH);
            return true;
        } catch (Refusal refused) {
            return refused.reason() == Refusal.Reason.NOT_READY;
        }
    }

    /** The types of what may belong to one of this type, itself first. */
    Set<String> types(String of) {
        Set<String> types = new LinkedHashSet<>(Set.of(of));
        types.addAll(others(of));
        return types;
    }

    /** The types of others that may belong to one of this type. */
    Set<String> others(String of) {
        if (of.equals(PATIENT)) {
            return compartments.types(PATIENT);
        }
        Set<String> types = new LinkedHashSet<>();
        waysOf(of).forEach(way -> types.add(way.type()));
        return types;
    }

    /** What others of a type meet that belong to this one. */
    SearchExpression related(ResourceKey focus, String type, SearchParser parser, Instant now) {
        SearchExpression all = focus.type().equals(PATIENT)
                ? compartments.membership(focus, type)
                : new SearchExpression.Or(waysOf(focus.type())
                        .filter(way -> way.type().equals(type))
                        .map(way -> way.to(focus.id(), parser, now))
                        .toList());
        return type.equals(focus.type())
                ? new SearchExpression.And(List.of(all, new SearchExpression.Not(new SearchExpression.Id(focus.id()))))
                : all;
    }

    private Stream<Way> waysOf(String type) {
        return ways.stream().filter(way -> way.of().equals(type));
    }
}
