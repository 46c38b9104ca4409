package miroir.index.store;

import static miroir.index.search.Condition.Comparison.AT_LEAST;
import static miroir.index.search.Condition.Comparison.AT_MOST;
import static miroir.index.search.Condition.Comparison.GREATER;
import static miroir.index.search.Condition.Comparison.LESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.search.Condition;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** Which resources meet a condition: those that a search finds, and those that a caller reads who sees no others. */
interface ConditionContract extends ContractStore {

    /** What a search finds, which is what a caller reads whose scope that is, one by one, and in the version that is the current one. */
    private List<String> meeting(Condition where) {
        List<String> found = ids(where);
        Caller caller = ContractStore.only(where);
        List<ResourceVersion> there = Stream.of("p1", "p2", "p3")
                .flatMap(id -> store().read(EVERYONE, new ResourceKey("Practitioner", id)).stream())
                .toList();
        assertThat(there)
                .filteredOn(current -> store().read(caller, current.key()).isPresent())
                .extracting(current -> current.key().id())
                .as("read one by one: %s", where)
                .containsExactlyInAnyOrderElementsOf(found);
        assertThat(there)
                .filteredOn(current -> store().readVersion(caller, current.key(), current.version())
                        .isPresent())
                .extracting(current -> current.key().id())
                .as("read by version: %s", where)
                .containsExactlyInAnyOrderElementsOf(found);
        return found;
    }

    @Test
    default void select_none_findsNothing() {
        put("p1", "{}");

        assertThat(meeting(Condition.none())).isEmpty();
        assertThat(count(Condition.none(), 10)).isEqualTo(new Total(0, true));
    }

    @Test
    default void select_ids_findsThem() {
        putThree();

        assertThat(meeting(new Condition.In("_id", strings("p3", "p1", "nobody"))))
                .containsExactly("p1", "p3");
    }

    @Test
    default void select_token_findsOneOfSeveralValues() {
        put("p1", "{identifier: [{system: 's', value: '1'}, {system: 't', value: '2'}]}");
        put("p2", "{identifier: [{system: 's', value: '2'}]}");
        put("p3", "{}");

        assertThat(meeting(token("identifier", "2"))).containsExactly("p1", "p2");
        assertThat(meeting(token("identifier", "1"))).containsExactly("p1");
        assertThat(meeting(new Condition.In("t_identifier-value", strings("1", "2"))))
                .containsExactly("p1", "p2");
        assertThat(meeting(new Condition.And(
                        List.of(token("identifier", "2"), new Condition.In("t_identifier-sysval", strings("t|2"))))))
                .containsExactly("p1");
    }

    @Test
    default void select_not_findsThoseWithoutTheFieldAsWell() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        put("p3", "{}");

        assertThat(meeting(new Condition.Not(token("active", "true")))).containsExactly("p2", "p3");
        assertThat(meeting(new Condition.Not(new Condition.In("t_active-value", strings("true", "false")))))
                .containsExactly("p3");
        assertThat(meeting(new Condition.Not(new Condition.Not(token("active", "true")))))
                .containsExactly("p1");
    }

    @Test
    default void select_notOfAnd_isNotAndOfNots() {
        put("p1", "{active: true, name: ['Anne']}");
        put("p2", "{active: true}");
        put("p3", "{}");

        assertThat(meeting(new Condition.Not(
                        new Condition.And(List.of(token("active", "true"), new Condition.Exists("t_name"))))))
                .containsExactly("p2", "p3");
        assertThat(meeting(new Condition.Not(
                        new Condition.Or(List.of(token("active", "true"), new Condition.Exists("t_name"))))))
                .containsExactly("p3");
    }

    @Test
    default void select_exists_findsThoseWithTheField() {
        putThree();

        assertThat(meeting(new Condition.Exists("t_birthdate"))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Not(new Condition.Exists("t_birthdate"))))
                .containsExactly("p3");
    }

    @Test
    default void select_text_findsPrefixesAndInfixes() {
        putThree();

        assertThat(meeting(new Condition.Text("t_name", "mar", false))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Text("t_name", "marti", false))).containsExactly("p1");
        assertThat(meeting(new Condition.Text("t_name", "arti", false))).isEmpty();
        assertThat(meeting(new Condition.Text("t_name", "arti", true))).containsExactly("p1");
        assertThat(meeting(new Condition.Text("t_name", "in", true))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Text("t_name", "m", false))).containsExactly("p1", "p2");
    }

    @Test
    default void select_word_beginsTheTextOrFollowsASpace() {
        put("p1", "{name: ['jean pierre martin']}");
        put("p2", "{name: ['pierrette', 'x']}");
        put("p3", "{name: ['saint-pierre (x) y', 'jean " + "a".repeat(60) + "b']}");

        assertThat(meeting(new Condition.Word("t_name", "pierre"))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Word("t_name", "pierre martin"))).containsExactly("p1");
        assertThat(meeting(new Condition.Word("t_name", "ierre"))).isEmpty();
        assertThat(meeting(new Condition.Word("t_name", "p"))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Word("t_name", "(x)"))).containsExactly("p3");
        assertThat(meeting(new Condition.Word("t_name", "a".repeat(60)))).containsExactly("p3");
        assertThat(meeting(new Condition.Word("t_name", "a".repeat(60) + "c"))).isEmpty();
        assertThat(meeting(Condition.In.texts("t_name-i", List.of("jean " + "a".repeat(60) + "b"))))
                .containsExactly("p3");
        assertThat(meeting(Condition.In.texts("t_name-i", List.of("pierre martin"))))
                .isEmpty();
    }

    @Test
    default void select_textWithGramsOfTwoNames_isNotFound() {
        put("p1", "{name: ['abcx', 'xbcd']}");

        assertThat(meeting(new Condition.Text("t_name", "abcd", false))).isEmpty();
        assertThat(meeting(new Condition.Text("t_name", "abcd", true))).isEmpty();
    }

    @Test
    default void select_textThatLooksLikeAPattern_isTakenLetterByLetter() {
        put("p1", "{name: ['a.*b (x) \\\\\\\\E [$] ^', 'other']}");
        put("p2", "{name: ['aXXb']}");

        assertThat(meeting(new Condition.Text("t_name", "a.*b", false))).containsExactly("p1");
        assertThat(meeting(new Condition.Text("t_name", "(x)", true))).containsExactly("p1");
        assertThat(meeting(new Condition.Text("t_name", "\\e [$] ^", true))).containsExactly("p1");
        assertThat(meeting(new Condition.Text("t_name", "a.*", true))).containsExactly("p1");
        assertThat(meeting(new Condition.StartsWith("t_name", "a.*"))).containsExactly("p1");
    }

    @Test
    default void select_valueThatLooksLikeAnOperator_isTakenAsAValue() {
        put("p1", "{identifier: [{system: 's', value: '$ne'}]}");
        put("p2", "{identifier: [{system: 's', value: '2'}]}");

        assertThat(meeting(token("identifier", "$ne"))).containsExactly("p1");
        assertThat(meeting(new Condition.In("t_identifier-value", List.of(RawBsonDocument.parse("{$ne: 'x'}")))))
                .isEmpty();
    }

    @Test
    default void select_startsWith_comparesLetterByLetter() {
        put("p1", "{url: 'http://a/B/c'}");
        put("p2", "{url: 'http://a/b/c'}");

        assertThat(meeting(new Condition.StartsWith("t_url", "http://a/B"))).containsExactly("p1");
        assertThat(meeting(new Condition.StartsWith("t_url", "a/B"))).isEmpty();
    }

    @Test
    default void select_range_isBetweenItsBounds() {
        Instant first = put("p1", "{}").current().from();
        ResourceVersion second = put("p2", "{}").current();
        put("p2", "{active: true}");
        Instant last = store().read(EVERYONE, new ResourceKey("Practitioner", "p2"))
                .orElseThrow()
                .from();

        assertThat(second.from()).isBefore(last);
        assertThat(meeting(updated(new Condition.Bound(AT_LEAST, millis(first)))))
                .containsExactly("p1", "p2");
        assertThat(meeting(updated(new Condition.Bound(AT_LEAST, millis(last)))))
                .containsExactly("p2");
        assertThat(meeting(updated(new Condition.Bound(GREATER, millis(last))))).isEmpty();
        assertThat(meeting(updated(
                        new Condition.Bound(AT_MOST, millis(first)), new Condition.Bound(AT_LEAST, millis(first)))))
                .containsExactly("p1");
        assertThat(meeting(updated(new Condition.Bound(LESS, millis(first))))).isEmpty();
    }

    @Test
    default void select_element_isMetByOneElementAlone() {
        put("p1", "{birthDate: ['1970-01-01', '1990-01-01']}");
        put("p2", "{birthDate: ['1980-06-01']}");

        assertThat(meeting(born("1980-01-01", "1981-01-01"))).containsExactly("p2");
        assertThat(meeting(born("1960-01-01", "1981-01-01"))).containsExactly("p1", "p2");
        assertThat(meeting(new Condition.Not(born("1960-01-01", "1971-01-01")))).containsExactly("p2");
    }

    @Test
    default void select_or_findsEither() {
        putThree();

        assertThat(meeting(new Condition.Or(List.of(
                        new Condition.Text("t_name", "martin", false),
                        new Condition.Not(new Condition.Exists("t_name"))))))
                .containsExactly("p1", "p3");
    }

    @Test
    default void select_afterAnUpdate_findsTheNewContentAlone() {
        put("p1", "{name: ['Anne']}");
        put("p1", "{name: ['Zoé']}");

        assertThat(meeting(new Condition.Text("t_name", "anne", false))).isEmpty();
        assertThat(meeting(new Condition.Text("t_name", "zo", false))).containsExactly("p1");
    }
}
