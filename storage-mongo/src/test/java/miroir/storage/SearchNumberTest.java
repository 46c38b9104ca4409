package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.index.store.SearchMade;
import org.junit.jupiter.api.Test;

final class SearchNumberTest {
    private static final String TYPE = "Practitioner";

    private final SearchNumber first =
            next(SearchNumber.none(0), "a", "Practitioner.gender", "b", "Practitioner.active");

    @Test
    void next_parameterAdded_changesTheTypeAndNotTheOthers() {
        SearchNumber second =
                next(first, "a", "Practitioner.gender", "b", "Practitioner.active", "c", "Practitioner.active");

        assertThat(second.since(TYPE, "a")).isEqualTo(1);
        assertThat(second.since(TYPE, "c")).isEqualTo(2);
        assertThat(second.fieldsOf(TYPE)).isEqualTo(2);
        assertThat(second.fieldsOf("SearchParameter")).isEqualTo(1);
    }

    @Test
    void next_parameterRemoved_changesTheTypeAlone() {
        SearchNumber second = next(first, "a", "Practitioner.gender");

        assertThat(second.since(TYPE, "a")).isEqualTo(1);
        assertThat(second.since(TYPE, "b")).isZero();
        assertThat(second.fieldsOf(TYPE)).isEqualTo(2);
    }

    @Test
    void next_changedAndChangedBack_isNewBothTimes() {
        SearchNumber second = next(first, "a", "Practitioner.name.use", "b", "Practitioner.active");
        SearchNumber third = next(second, "a", "Practitioner.gender", "b", "Practitioner.active");

        assertThat(second.since(TYPE, "a")).isEqualTo(2);
        assertThat(third.since(TYPE, "a")).isEqualTo(3);
        assertThat(third.since(TYPE, "b")).isEqualTo(1);
    }

    @Test
    void next_sameFields_leavesTheTypeAsItWas() {
        assertThat(next(first, "a", "Practitioner.gender", "b", "Practitioner.active")
                        .fieldsOf(TYPE))
                .isEqualTo(1);
    }

    @Test
    void document_isReadBack() {
        assertThat(SearchNumber.of(first.document("digest"))).isEqualTo(first);
    }

    @Test
    void contradicts_sameDescriptionWithOtherFields_isSo() {
        assertThat(first.contradicts(made("a", "Practitioner.name.use", "b", "Practitioner.active")))
                .isTrue();
        assertThat(first.isOf(made("a", "Practitioner.gender", "b", "Practitioner.active")))
                .isTrue();
    }

    @Test
    void isAtLeast_numberOfAnotherDatabase_isNot() {
        long ours = FieldsNumber.beforeFirst(5) + 3;
        long theirs = FieldsNumber.beforeFirst(6) + 7;

        assertThat(FieldsNumber.isAtLeast(ours + 1, ours)).isTrue();
        assertThat(FieldsNumber.isAtLeast(ours, ours + 1)).isFalse();
        assertThat(FieldsNumber.isAtLeast(theirs, ours)).isFalse();
        assertThat(FieldsNumber.isAtLeast(ours, theirs)).isFalse();
        assertThat(FieldsNumber.isAtLeast(0, ours)).isFalse();
    }

    private static SearchNumber next(SearchNumber before, String... codesAndExpressions) {
        DescribedSearch search = new DescribedSearch(codesAndExpressions);
        return before.next(search.ours(), List.of(), search.make(search.ours(), List.of()));
    }

    private static SearchMade made(String... codesAndExpressions) {
        DescribedSearch search = new DescribedSearch(codesAndExpressions);
        return search.make(search.ours(), List.of());
    }
}
