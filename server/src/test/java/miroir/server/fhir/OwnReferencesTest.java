package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

final class OwnReferencesTest {
    private static final String BASE = "http://me.example/fhir";

    @Test
    void relative_changesReferencesOnly() {
        assertThat(relative(
                        "{resourceType: 'Basic', contained: [{x: [{reference: '" + BASE + "/Patient/1/_history/2'}]}],"
                                + " url: '" + BASE + "/Patient/1', a: {reference: '" + BASE + "/metadata'}}"))
                .isEqualTo(RawBsonDocument.parse(
                        "{resourceType: 'Basic', contained: [{x: [{reference: 'Patient/1/_history/2'}]}]," + " url: '"
                                + BASE + "/Patient/1', a: {reference: '" + BASE + "/metadata'}}"));
    }

    @Test
    void relative_withoutTheBaseOrInABundle_isTheSameDocument() {
        for (String json : new String[] {
            "{resourceType: 'Basic', a: {reference: 'http://me.example/fhirs/Patient/1'}}",
            "{resourceType: 'Bundle', a: {reference: '" + BASE + "/Patient/1'}}"
        }) {
            RawBsonDocument fhir = RawBsonDocument.parse(json);
            assertThat(OwnReferences.relative(fhir, List.of(BASE))).isSameAs(fhir);
        }
    }

    @Test
    void relative_besideABundleInside_changesOnlyWhatIsOutside() {
        String bundle = "resource: {resourceType: 'Bundle', entry: [{fullUrl: '" + BASE + "/Patient/1',"
                + " resource: {resourceType: 'Basic', subject: {reference: '" + BASE + "/Patient/1'}}}]}";
        assertThat(relative("{resourceType: 'Parameters', parameter: [{" + bundle + "}, {valueReference: {reference: '"
                        + BASE + "/Patient/2'}}]}"))
                .isEqualTo(RawBsonDocument.parse("{resourceType: 'Parameters', parameter: [{" + bundle
                        + "}, {valueReference: {reference: 'Patient/2'}}]}"));
    }

    @Test
    void relative_leavesUrisOfTheSameName() {
        String uri = "reference: '" + BASE + "/Patient/1'}";
        for (String json : new String[] {
            "{resourceType: 'DetectedIssue', " + uri,
            "{resourceType: 'Basic', x: {language: 'text/cql', " + uri + "}",
            "{resourceType: 'Immunization', education: [{" + uri + "]}"
        }) {
            assertThat(relative(json)).isEqualTo(RawBsonDocument.parse(json));
        }
    }

    @Test
    void texts_thatAreNamedReference_areKnown() {
        Structures structures = Structures.r4();
        Deque<String> open = new ArrayDeque<>(structures.resourceTypes());
        Set<String> seen = new HashSet<>(open);
        Set<String> holders = new HashSet<>();
        while (!open.isEmpty()) {
            TypeDefinition type = structures.type(open.pop());
            if (type == null) {
                continue;
            }
            for (ElementDefinition element : type.elements().values()) {
                TypeDefinition held = structures.type(element.type());
                if (element.name().equals("reference")
                        && (held == null || held.kind() == TypeDefinition.Kind.PRIMITIVE)) {
                    holders.add(type.name());
                }
                if (seen.add(element.type())) {
                    open.push(element.type());
                }
            }
        }

        assertThat(holders)
                .containsExactlyInAnyOrder("Reference", "Expression", "DetectedIssue", "Immunization.education");
    }

    private static RawBsonDocument relative(String json) {
        return OwnReferences.relative(RawBsonDocument.parse(json), List.of(BASE));
    }
}
