package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;

final class RenderFilterTest {
    @Test
    void of_valuesThatLookLikeOperators_standUnderAnOperator() {
        BsonValue hostile = BsonDocument.parse("{$ne: null}");

        assertThat(RenderFilter.of(new Condition.In("f", List.of(hostile))))
                .isEqualTo(BsonDocument.parse("{f: {$eq: {$ne: null}}}"));
        assertThat(RenderFilter.of(new Condition.In("f", List.of(hostile, new BsonString("$where")))))
                .isEqualTo(BsonDocument.parse("{f: {$in: [{$ne: null}, '$where']}}"));
    }

    @Test
    void of_text_escapesWhatAPatternWouldRead() {
        assertThat(RenderFilter.of(new Condition.Text("t_x", "a.b\\E é", false)))
                .isEqualTo(BsonDocument.parse("{'t_x-i': {$regex: '^a\\\\.b\\\\\\\\E\\\\ é'}}"));
        assertThat(RenderFilter.of(new Condition.Text("t_x", "a", true)))
                .isEqualTo(BsonDocument.parse("{'t_x-i': {$regex: 'a'}}"));
    }

    @Test
    void of_textWithZero_findsNothing() {
        assertThat(RenderFilter.of(new Condition.StartsWith("f", "a\0b")))
                .isEqualTo(BsonDocument.parse("{_id: {$in: []}}"));
    }

    @Test
    void of_textThatIsTooLong_isRefused() {
        assertThatThrownBy(() -> RenderFilter.of(new Condition.Text("t_x", "a".repeat(2_001), true)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("2001")
                .hasMessageContaining("2000");
    }

    @Test
    void of_nestedConditions_keepTheirShape() {
        Condition range =
                new Condition.Range("s", List.of(new Condition.Bound(Condition.Comparison.AT_LEAST, new BsonInt64(5))));

        assertThat(RenderFilter.of(new Condition.Not(new Condition.Element("t_d", range))))
                .isEqualTo(
                        BsonDocument.parse("{$nor: [{t_d: {$elemMatch: {$and: [{s: {$gte: {$numberLong: '5'}}}]}}}]}"));
        assertThat(RenderFilter.of(new Condition.Or(List.of(new Condition.Exists("f"), Condition.all()))))
                .isEqualTo(BsonDocument.parse("{$or: [{f: {$exists: true}}, {}]}"));
    }

    @Test
    void isNone_nothingCanMatch_isSeenWithoutTheDatabase() {
        assertThat(Condition.none().isNone()).isTrue();
        assertThat(new Condition.And(List.of(Condition.all(), Condition.none())).isNone())
                .isTrue();
        assertThat(new Condition.In("f", List.of()).isNone()).isTrue();
        assertThat(new Condition.Or(List.of(Condition.none(), Condition.all())).isNone())
                .isFalse();
        assertThat(new Condition.Not(Condition.none()).isNone()).isFalse();
    }

    @Test
    void isAll_everythingMatches_isSeenHoweverItIsSaid() {
        assertThat(new Condition.And(List.of(Condition.all(), Condition.all())).isAll())
                .isTrue();
        assertThat(new Condition.Or(List.of(new Condition.Exists("f"), Condition.all())).isAll())
                .isTrue();
        assertThat(new Condition.Not(Condition.none()).isAll()).isTrue();
        assertThat(new Condition.And(List.of(Condition.all(), new Condition.Exists("f"))).isAll())
                .isFalse();
    }
}
