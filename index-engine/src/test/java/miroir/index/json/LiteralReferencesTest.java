package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class LiteralReferencesTest {
    private static LiteralReferences in(String json) {
        return LiteralReferences.in(BsonDocument.parse(json));
    }

    @Test
    void in_aResource_areThoseOfReferencesWithTheirPaths() {
        LiteralReferences found = in("""
                {"resourceType": "PractitionerRole", "practitioner": {"reference": "Practitioner/1", "extension": [
                {"url": "http://e", "valueReference": {"reference": "Organization/2"}}]},
                "location": [{"display": "none"}, {"reference": "#l"}],
                "code": [{"text": "Practitioner/3"}], "_active": {"extension": [
                {"url": "http://e", "valueReference": {"reference": "Organization/4"}}]},
                "contained": [{"resourceType": "Location", "id": "l", "managingOrganization": {"reference": "Organization/5"}}]}""");

        assertThat(found.all())
                .extracting(each -> each.path() + " " + each.reference())
                .containsExactlyInAnyOrder(
                        "PractitionerRole.practitioner Practitioner/1",
                        "PractitionerRole.practitioner.extension[0].valueReference Organization/2",
                        "PractitionerRole.location[1] #l",
                        "PractitionerRole._active.extension[0].valueReference Organization/4",
                        "PractitionerRole.contained[0].managingOrganization Organization/5");
        assertThat(found.uncontained()).isEmpty();
    }

    @Test
    void in_aResourceWithinAnother_haveWhatThatContains() {
        LiteralReferences found = in("""
                {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": {"resourceType": "Organization",
                "partOf": {"reference": "#x"}, "endpoint": [{"reference": "#y"}],
                "contained": [{"resourceType": "Organization", "id": "x", "partOf": {"reference": "#x"}}]}}]}""");

        assertThat(found.uncontained())
                .extracting(LiteralReferences.Found::reference)
                .containsExactly("#y");
    }

    /** R4 calls URIs so as well, which need not be to anything. */
    @Test
    void in_anElementThatIsOnlyCalledSo_areNone() {
        assertThat(in("""
                {"resourceType": "DetectedIssue", "status": "final", "reference": "Practitioner/1"}""").all()).isEmpty();
    }

    @Test
    void in_aBundle_areNone() {
        assertThat(in("""
                {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Organization",
                "partOf": {"reference": "Organization/1"}}}]}""").all()).isEmpty();
    }
}
