package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class ChangeLabelsTest {
    private static final RawBsonDocument LABELLED = RawBsonDocument.parse(
            "{resourceType: 'Organization', meta: {tag: [{display: 'a'}, {display: 'b'}, {system: 's', code: 'c', display: 'x'}]}}");

    /** Without a code there is nothing by which two could be the same. */
    @Test
    void labels_withoutACode_areTheSameOnlyAsAWhole() {
        assertThat(tags(ChangeLabels.added(LABELLED, BsonDocument.parse("{tag: [{display: 'c'}, {display: 'a'}]}"))))
                .isEqualTo(4);
        assertThat(tags(ChangeLabels.removed(LABELLED, BsonDocument.parse("{tag: [{display: 'a'}]}"))))
                .isEqualTo(2);
    }

    @Test
    void labels_withACode_areTheSameBySystemAndCode() {
        assertThat(tags(ChangeLabels.removed(LABELLED, BsonDocument.parse("{tag: [{system: 's', code: 'c'}]}"))))
                .isEqualTo(2);
        assertThat(tags(ChangeLabels.added(LABELLED, BsonDocument.parse("{tag: [{system: 's', code: 'c'}]}"))))
                .isEqualTo(3);
    }

    private static int tags(BsonDocument resource) {
        return resource.getDocument("meta").getArray("tag").size();
    }
}
