package miroir.server.metadata;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import miroir.server.directory.DirectoryQuestion;
import miroir.server.routing.Router;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.OperationDefinition;
import org.hl7.fhir.r4.model.OperationDefinition.OperationKind;
import org.hl7.fhir.r4.model.OperationDefinition.OperationParameterUse;

/** Describes {@code $directory-search} by a definition that the statement contains. */
final class DirectorySearchOperation {
    private static final String ID = "directory-search";
    private static final Map<String, String> CRITERIA = new TreeMap<>(Map.ofEntries(
            Map.entry("name", "Surname and given names in any order, or beginnings or initials of them."),
            Map.entry("family", "The surname, or a part of it."),
            Map.entry("given", "The given name, or some of them."),
            Map.entry("profession", "A code, system|code, or words of its label."),
            Map.entry("specialty", "A code, system|code, or words of its label."),
            Map.entry("city", "The town of a place where the person works."),
            Map.entry("postalcode", "Its postal code, or how that begins."),
            Map.entry("department", "Its department."),
            Map.entry("insee", "The INSEE code of its municipality."),
            Map.entry("street", "Its street, with or without number and kind."),
            Map.entry("organization", "What the place is called, or some words of it."),
            Map.entry("mss", "A secure mailbox of the person, of a role or of a place; @domain: any in that."),
            Map.entry("identifier", "A number of the person, such as RPPS; system|value as well.")));

    private DirectorySearchOperation() {}

    /** Whether those who ask are offered it: where all its types are. */
    static boolean isOffered(Set<String> types, Offer offer) {
        return types.containsAll(Router.DIRECTORY)
                && Router.DIRECTORY.stream()
                        .allMatch(type -> offer.on(type).interactions().contains(ID));
    }

    static void addTo(CapabilityStatementRestComponent rest) {
        rest.addOperation().setName(ID).setDefinition("#" + ID);
    }

    static OperationDefinition definition() {
        OperationDefinition definition = new OperationDefinition();
        definition.setId(ID);
        definition.setName("DirectorySearch");
        definition.setStatus(PublicationStatus.ACTIVE);
        definition.setKind(OperationKind.OPERATION);
        definition.setAffectsState(false);
        definition.setDescription(
                "People by what is known of them and of where they work, best first, with their roles and the"
                        + " places of these. In pages. At least one criterion is needed.");
        definition.setCode(ID);
        definition.setSystem(true);
        definition.setType(false);
        definition.setInstance(false);
        DirectoryQuestion.CRITERIA.forEach(
                name -> addIn(definition, name, "string", CRITERIA.getOrDefault(name, name)));
        addIn(
                definition,
                "active",
                "string",
                "true, false or any; where it is not given, those that are not said to be inactive.");
        addIn(definition, "fuzzy", "boolean", "Whether one typing error is tolerated in name, family, given and city.");
        addIn(definition, "_count", "integer", "Most people on a page.");
        definition
                .addParameter()
                .setName("return")
                .setUse(OperationParameterUse.OUT)
                .setMin(1)
                .setMax("1")
                .setDocumentation("A searchset: matches are practitioners, with a score.")
                .setType("Bundle");
        return definition;
    }

    private static void addIn(OperationDefinition definition, String name, String type, String text) {
        definition
                .addParameter()
                .setName(name)
                .setUse(OperationParameterUse.IN)
                .setMin(0)
                .setMax("1")
                .setDocumentation(text)
                .setType(type);
    }
}
