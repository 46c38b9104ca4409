package miroir.server.console;

import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.search.Modifiers;

/** Criteria that show what a parameter is for. Of what nobody would guess a value they ask for all that have one. */
final class ParameterExamples {
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("_lastUpdated", "_lastUpdated=ge2024-01-01"),
            Map.entry("active", "active=true"),
            Map.entry("address-city", "address-city=lyon"),
            Map.entry("address-department", "address-department=69"),
            Map.entry("address-postalcode", "address-postalcode=69003,69006"),
            Map.entry("data-information-system", "data-information-system=RPPS"),
            Map.entry("identifier-type", "identifier-type=RPPS"),
            Map.entry("mailbox-mss", "mailbox-mss:contains=medecin"),
            Map.entry("Practitioner.family", "family=dupont"),
            Map.entry("Practitioner.gender", "gender=female"),
            Map.entry("Practitioner.given", "given=marie"),
            Map.entry("Practitioner.name", "name=martin"),
            Map.entry("Practitioner.qualification-code", "qualification-code:text=cardiologue"),
            Map.entry("PractitionerRole.organization", "organization.name:contains=pharmacie"),
            Map.entry("PractitionerRole.practitioner", "practitioner.family=dupont"),
            Map.entry("Organization.name", "name:contains=pharmacie"),
            Map.entry("Organization.partof", "partof.name:contains=hopital"),
            Map.entry("HealthcareService.name", "name:contains=centre"),
            Map.entry("HealthcareService.organization", "organization.address-city=lyon"),
            Map.entry("Device.organization", "organization.name:contains=hopital"),
            Map.entry("Device.status", "status=active"));

    private final Set<String> types;

    /** @param types that are served: a chain leads to one of them */
    ParameterExamples(Set<String> types) {
        this.types = Set.copyOf(types);
    }

    String of(SearchParameter parameter) {
        String known = KNOWN.get(parameter.type() + "." + parameter.code());
        String example = known == null ? KNOWN.get(parameter.code()) : known;
        return example != null && isAnswered(parameter, example) ? example : parameter.code() + ":missing=false";
    }

    private boolean isAnswered(SearchParameter parameter, String example) {
        String behind = example.substring(parameter.code().length(), example.indexOf('='));
        if (behind.startsWith(".")) {
            return types.containsAll(parameter.targets());
        }
        return behind.isEmpty() || Modifiers.of(parameter).contains(behind.substring(1));
    }
}
