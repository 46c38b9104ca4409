package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class VersionDocumentsTest {
    private static final ResourceKey KEY = new ResourceKey("Practitioner", "é1");

    /** In history it is what it was, in order and type, wherever the id stood. */
    @Test
    void superseded_ofAVersion_hasAnotherIdAndTheSameRest() {
        for (String document : new String[] {
            "{_id: 'é1', n: {$numberLong: '7'}, v: {$numberLong: '2'}, fhir: {id: 'é1', _id: {x: 1}, a: [1, {b: 2.50}]}, t_x: []}",
            "{n: {$numberLong: '7'}, _id: 'é1', v: {$numberLong: '2'}, fhir: {id: 'é1', _id: {x: 1}, a: [1, {b: 2.50}]}, t_x: []}",
            "{_id: 'é1', v: {$numberLong: '2'}, deleted: true}"
        }) {
            BsonDocument expected = new BsonDocument("_id", HistoryIds.of("é1", 2));
            BsonDocument.parse(document).forEach(expected::putIfAbsent);

            RawBsonDocument superseded =
                    VersionDocuments.superseded(StoredVersion.of(KEY, RawBsonDocument.parse(document)));

            assertThat(superseded).isEqualTo(expected);
            assertThat(superseded.toJson()).isEqualTo(expected.toJson());
        }
    }
}
