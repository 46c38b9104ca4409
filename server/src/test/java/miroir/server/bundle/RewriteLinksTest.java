package miroir.server.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

final class RewriteLinksTest {
    private final RewriteLinks rewrite =
            new RewriteLinks(Structures.r4(), reference -> "R(" + reference + ")", uri -> "U(" + uri + ")");

    @Test
    void in_changesReferencesUrisAndNarratives_andNoTextsCanonicalsOrNames() {
        assertThat(in("{resourceType: 'DocumentReference', implicitRules: 'x', language: 'x',"
                        + " meta: {source: 'x', profile: ['x']},"
                        + " text: {status: 'generated', div: '<div><a href=\"x\">href=\"x\"</a><img src=\"y\"/></div>'},"
                        + " contained: [{resourceType: 'Patient', generalPractitioner: [{reference: 'x'}]}],"
                        + " subject: {reference: 'x', type: 'x', display: 'x', identifier: {system: 'x', value: 'x'}},"
                        + " extension: [{url: 'x', valueUrl: 'x'}, {url: 'x', valueCanonical: 'x'},"
                        + " {url: 'x', valueUuid: 'x'}, {url: 'x', valueOid: 'x'}, {url: 'x', valueString: 'x'},"
                        + " {url: 'x', valueReference: {reference: 'x'}}],"
                        + " _language: {extension: [{url: 'x', valueUri: 'x'}]},"
                        + " content: [{attachment: {url: 'x', title: 'x'}}]}"))
                .isEqualTo(parse("{resourceType: 'DocumentReference', implicitRules: 'U(x)', language: 'x',"
                        + " meta: {source: 'U(x)', profile: ['x']},"
                        + " text: {status: 'generated', div: '<div><a href=\"U(x)\">href=\"x\"</a><img src=\"U(y)\"/></div>'},"
                        + " contained: [{resourceType: 'Patient', generalPractitioner: [{reference: 'R(x)'}]}],"
                        + " subject: {reference: 'R(x)', type: 'U(x)', display: 'x', identifier: {system: 'x', value: 'x'}},"
                        + " extension: [{url: 'x', valueUrl: 'U(x)'}, {url: 'x', valueCanonical: 'x'},"
                        + " {url: 'x', valueUuid: 'U(x)'}, {url: 'x', valueOid: 'U(x)'}, {url: 'x', valueString: 'x'},"
                        + " {url: 'x', valueReference: {reference: 'R(x)'}}],"
                        + " _language: {extension: [{url: 'x', valueUri: 'U(x)'}]},"
                        + " content: [{attachment: {url: 'U(x)', title: 'x'}}]}"));
    }

    /** What stands in a Bundle refers to what has a {@code fullUrl} there. */
    @Test
    void in_aBundleInside_changesNothing() {
        String bundle = "{resourceType: 'Bundle', entry: [{fullUrl: 'x', resource: {resourceType: 'Patient',"
                + " generalPractitioner: [{reference: 'x'}]}}]}";

        assertThat(in(bundle)).isEqualTo(parse(bundle));
    }

    @Test
    void in_whatIsNoReference_leavesNumbersAndUnknownNames() {
        String other = "{resourceType: 'Observation', valueQuantity: {value: 1.0}, unknown: {reference: 'x'}}";

        assertThat(in(other)).isEqualTo(parse(other));
    }

    private RawBsonDocument in(String json) {
        return rewrite.in(parse(json));
    }

    private static RawBsonDocument parse(String json) {
        return RawBsonDocument.parse(json);
    }
}
