package miroir.simulator.query;

import static miroir.simulator.query.Parameter.Type.DATE;
import static miroir.simulator.query.Parameter.Type.REFERENCE;
import static miroir.simulator.query.Parameter.Type.STRING;
import static miroir.simulator.query.Parameter.Type.TOKEN;
import static miroir.simulator.query.Parameter.Type.URI;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.simulator.Kind;

/** The search parameters and inclusions that the real directory documents, type by type. */
public final class Parameters {
    private static final Map<Kind, List<Parameter>> ALL = new EnumMap<>(Kind.class);
    private static final Map<Kind, Map<String, Kind>> REFERENCES = Map.of(
            Kind.PRACTITIONER, Map.of(),
            Kind.PRACTITIONER_ROLE, Map.of("practitioner", Kind.PRACTITIONER, "organization", Kind.ORGANIZATION),
            Kind.ORGANIZATION, Map.of("partof", Kind.ORGANIZATION),
            Kind.HEALTHCARE_SERVICE, Map.of("organization", Kind.ORGANIZATION),
            Kind.DEVICE, Map.of("organization", Kind.ORGANIZATION));

    private static final String MAILBOX = "telecom{mailbox-mss-metadata}.value";

    static {
        add(
                Kind.PRACTITIONER,
                Parameter.of("active", TOKEN, "active"),
                Parameter.of("family", STRING, "name.family"),
                Parameter.of("given", STRING, "name.given"),
                Parameter.of("identifier", TOKEN, "identifier"),
                Parameter.of("identifier-type", TOKEN, "identifier.type"),
                Parameter.of("mailbox-mss", STRING, MAILBOX),
                Parameter.of("name", STRING, "name.text", "name.family", "name.given", "name.prefix", "name.suffix"),
                Parameter.of("number-smartcard", STRING, "extension[as-ext-smartcard].extension[number].valueString"),
                Parameter.of("qualification-code", TOKEN, "qualification.code"),
                Parameter.of(
                        "type-smartcard", TOKEN, "extension[as-ext-smartcard].extension[type].valueCodeableConcept"));
        add(
                Kind.PRACTITIONER_ROLE,
                Parameter.of("active", TOKEN, "active"),
                Parameter.of("identifier", TOKEN, "identifier"),
                Parameter.of("mailbox-mss", STRING, MAILBOX),
                Parameter.of("organization", REFERENCE, "organization"),
                Parameter.of("practitioner", REFERENCE, "practitioner"),
                Parameter.of("role", TOKEN, "code"));
        add(
                Kind.ORGANIZATION,
                Parameter.of("active", TOKEN, "active"),
                Parameter.of("address", STRING, "address.city", "address.postalCode", "address.line"),
                Parameter.of("address-city", STRING, "address.city"),
                Parameter.of("address-line", STRING, "address.line"),
                Parameter.of("address-postalcode", STRING, "address.postalCode"),
                Parameter.of("identifier", TOKEN, "identifier"),
                Parameter.of("identifier-type", TOKEN, "identifier.type"),
                Parameter.of("mailbox-mss", STRING, MAILBOX),
                Parameter.of("name", STRING, "name"),
                Parameter.of("partof", REFERENCE, "partOf"),
                Parameter.of("pharmacy-licence", STRING, "extension[pharmacy-licence].valueString"),
                Parameter.of("type", TOKEN, "type"));
        add(
                Kind.HEALTHCARE_SERVICE,
                Parameter.of("_profile", URI, "meta.profile"),
                Parameter.of("active", TOKEN, "active"),
                Parameter.of("characteristic", TOKEN, "characteristic"),
                Parameter.of("identifier", TOKEN, "identifier"),
                Parameter.of("organization", REFERENCE, "providedBy"),
                Parameter.of("service-category", TOKEN, "category"),
                Parameter.of("service-type", TOKEN, "type"));
        add(
                Kind.DEVICE,
                Parameter.of("identifier", TOKEN, "identifier"),
                Parameter.of("manufacturer", STRING, "manufacturer"),
                Parameter.of("model", STRING, "modelNumber"),
                Parameter.of("organization", REFERENCE, "owner"),
                Parameter.of("status", TOKEN, "status"),
                Parameter.of("type", TOKEN, "type"));
    }

    private Parameters() {}

    public static List<Parameter> of(Kind kind) {
        return ALL.getOrDefault(kind, List.of());
    }

    static Optional<Parameter> find(Kind kind, String name) {
        return of(kind).stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst();
    }

    /** The kind that a reference of this name leads to. */
    public static Optional<Kind> target(Kind kind, String reference) {
        return Optional.ofNullable(REFERENCES.getOrDefault(kind, Map.of()).get(reference));
    }

    /** The references of a kind. */
    public static List<String> references(Kind kind) {
        return REFERENCES.getOrDefault(kind, Map.of()).keySet().stream()
                .sorted()
                .toList();
    }

    private static void add(Kind kind, Parameter... own) {
        List<Parameter> all = new ArrayList<>(List.of(
                Parameter.of("_id", TOKEN, "id"),
                Parameter.of("_lastUpdated", DATE, "meta.lastUpdated"),
                Parameter.of(
                        "data-information-system",
                        TOKEN,
                        "meta.extension[data-trace].extension[systeme-information].valueCode"),
                Parameter.of(
                        "data-registration-authority",
                        TOKEN,
                        "meta.extension[data-trace].extension[autorite-enregistrement].valueCodeableConcept")));
        all.addAll(List.of(own));
        ALL.put(kind, List.copyOf(all));
    }
}
