package miroir.server.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConditionalReferenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {a: [{b: 1}, {c: {reference: 'Patient?_id=1'}}], d: 2}  | true
            {a: [[1, 'x'], 2], contained: [{a: {reference: 'A?b'}}]} | false
            {reference: ['Patient?_id=1'], a: 'Patient?_id=1'}       | false
            {a: {reference: 'Patient/1', b: null}, c: 1.5}           | false
            {}                                                       | false""")
    void isIn_looksAtWhatIsCalledAReference(String resource, boolean found) {
        assertThat(ConditionalReference.isIn(RawBsonDocument.parse(resource))).isEqualTo(found);
    }

    @Test
    void isIn_nothing_isFalse() {
        assertThat(ConditionalReference.isIn(null)).isFalse();
    }
}
