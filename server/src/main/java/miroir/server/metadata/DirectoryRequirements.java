package miroir.server.metadata;

import java.util.List;
import java.util.Map;
import miroir.index.SearchParameterRegistry;

/**
 * What the directory's model asks of a server: its CapabilityStatement {@code AsServerDPCapabilityStatement}. It names types, reads and searches, and parameters; a
 * server that has all of them may say that it is one.
 */
final class DirectoryRequirements {
    static final String URL =
            "https://interop.esante.gouv.fr/ig/fhir/annuaire/CapabilityStatement/AsServerDPCapabilityStatement";

    private static final List<String> INTERACTIONS = List.of("read", "search-type");

    private static final Map<String, List<String>> PARAMETERS = Map.of(
            "Organization",
            List.of(
                    "_id",
                    "_lastUpdated",
                    "active",
                    "address",
                    "address-city",
                    "address-line",
                    "address-postalcode",
                    "data-information-system",
                    "data-registration-authority",
                    "identifier",
                    "identifier-type",
                    "mailbox-mss",
                    "name",
                    "partof",
                    "pharmacy-licence",
                    "type"),
            "Device",
            List.of(
                    "_id",
                    "_lastUpdated",
                    "data-information-system",
                    "data-registration-authority",
                    "identifier",
                    "manufacturer",
                    "model",
                    "organization",
                    "status",
                    "type"),
            "Practitioner",
            List.of(
                    "_id",
                    "_lastUpdated",
                    "active",
                    "data-information-system",
                    "data-registration-authority",
                    "family",
                    "given",
                    "identifier",
                    "identifier-type",
                    "mailbox-mss",
                    "name",
                    "number-smartcard",
                    "qualification-code",
                    "type-smartcard"),
            "PractitionerRole",
            List.of(
                    "_id",
                    "_lastUpdated",
                    "active",
                    "data-information-system",
                    "data-registration-authority",
                    "identifier",
                    "mailbox-mss",
                    "organization",
                    "practitioner",
                    "role"),
            "HealthcareService",
            List.of(
                    "_id",
                    "_lastUpdated",
                    "_profile",
                    "active",
                    "characteristic",
                    "data-information-system",
                    "data-registration-authority",
                    "identifier",
                    "organization",
                    "service-category",
                    "service-type"));

    private DirectoryRequirements() {}

    static boolean areMetBy(SearchParameterRegistry registry, Offer offer) {
        return PARAMETERS.entrySet().stream()
                .allMatch(each -> registry.types().contains(each.getKey())
                        && offer.on(each.getKey()).interactions().containsAll(INTERACTIONS)
                        && each.getValue().stream().allMatch(code -> isSearchable(registry, each.getKey(), code)));
    }

    private static boolean isSearchable(SearchParameterRegistry registry, String type, String code) {
        return code.equals("_id") || code.equals("_lastUpdated") || registry.find(type, code) != null;
    }
}
