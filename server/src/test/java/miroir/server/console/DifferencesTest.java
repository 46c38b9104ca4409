package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.server.console.Differences.Difference;
import miroir.server.console.Differences.Kind;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

final class DifferencesTest {
    private static List<Difference> between(String before, String after) {
        return Differences.between(practitioner(before), practitioner(after));
    }

    private static BsonDocument practitioner(String parts) {
        return BsonDocument.parse(
                "{resourceType: 'Practitioner', id: 'x'" + (parts.isEmpty() ? "" : ", ") + parts + "}");
    }

    /** Kind, path, and both values as they are stored. */
    private static List<String> told(String before, String after) {
        return told(between(before, after));
    }

    private static List<String> told(List<Difference> differences) {
        return differences.stream()
                .map(each -> each.kind() + " " + each.path()
                        + (each.before() == null || each.kind() == Kind.REORDERED ? "" : " -" + each.before())
                        + (each.after() == null || each.kind() == Kind.REORDERED ? "" : " +" + each.after()))
                .map(each -> each.replaceAll("BsonString\\{value='([^']*)'}", "$1")
                        .replaceAll("BsonBoolean\\{value=(\\w+)}", "$1"))
                .toList();
    }

    @Test
    void between_theSame_isNothing() {
        assertThat(told("name: [{family: 'A', given: ['B', 'C']}]", "name: [{family: 'A', given: ['B', 'C']}]"))
                .isEmpty();
    }

    @Test
    void between_whatEveryVersionChanges_isNothing() {
        assertThat(told("meta: {versionId: '1', lastUpdated: 'a'}", "meta: {versionId: '2', lastUpdated: 'b'}"))
                .isEmpty();
        assertThat(told("meta: {versionId: '1', source: 'a'}", "meta: {versionId: '2', source: 'b'}"))
                .containsExactly("CHANGED meta.source -a +b");
    }

    @Test
    void between_elements_tellsWhatWasAddedRemovedAndChanged() {
        assertThat(told("active: true, gender: 'female'", "active: false, birthDate: '1980'"))
                .containsExactly("CHANGED active -true +false", "REMOVED gender -female", "ADDED birthDate +1980");
    }

    @Test
    void between_nestedElements_tellsTheInnermost() {
        assertThat(told(
                        "address: [{city: 'Lyon', postalCode: '69001', period: {start: '2020'}}]",
                        "address: [{city: 'Lyon', postalCode: '69002', period: {start: '2020', end: '2021'}}]"))
                .containsExactly("CHANGED address[0].postalCode -69001 +69002", "ADDED address[0].period.end +2021");
    }

    @Test
    void between_lists_pairsWhatIsEqualWhereverItIs() {
        assertThat(told("name: [{family: 'A'}, {family: 'B'}]", "name: [{family: 'N'}, {family: 'A'}, {family: 'B'}]"))
                .singleElement()
                .asString()
                .startsWith("ADDED name[0]")
                .contains("N");
    }

    @Test
    void between_lists_pairsWhatSaysThatItIsTheSame() {
        assertThat(told(
                        "identifier: [{system: 's', value: '1'}, {system: 't', value: '2'}]",
                        "identifier: [{system: 't', value: '3'}, {system: 's', value: '1'}]"))
                .containsExactly("CHANGED identifier[0].value -2 +3");
    }

    @Test
    void between_lists_pairsNothingThatSaysThatItIsAnother() {
        assertThat(between("identifier: [{system: 's', value: '1'}]", "identifier: [{system: 't', value: '1'}]"))
                .extracting(Difference::kind, Difference::path)
                .containsExactlyInAnyOrder(tuple(Kind.ADDED, "identifier[0]"), tuple(Kind.REMOVED, "identifier[0]"));
    }

    @Test
    void between_listsOfTheSameInAnotherOrder_isOneDifference() {
        assertThat(told("name: [{given: ['A', 'B', 'C']}]", "name: [{given: ['C', 'A', 'B']}]"))
                .containsExactly("REORDERED name[0].given");
    }

    @Test
    void between_listsWithSeveralOfTheSame_countsThem() {
        assertThat(told("name: [{given: ['A', 'A']}]", "name: [{given: ['A']}]"))
                .containsExactly("REMOVED name[0].given[1] -A");
    }

    @Test
    void between_aListAndNone_tellsEachItem() {
        assertThat(told("", "name: [{given: ['A', 'B']}]")).hasSize(1);
        assertThat(told("name: [{given: ['A']}]", "name: [{given: ['A'], prefix: ['Dr', 'Pr']}]"))
                .containsExactly("ADDED name[0].prefix[0] +Dr", "ADDED name[0].prefix[1] +Pr");
    }

    @Test
    void between_formsOfAChoice_isOneElement() {
        String before = "{resourceType: 'Observation', id: 'x', valueString: 'a'}";
        String after = "{resourceType: 'Observation', id: 'x', valueInteger: 5}";

        List<Difference> differences = Differences.between(BsonDocument.parse(before), BsonDocument.parse(after));

        assertThat(differences).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo(Kind.CHANGED);
            assertThat(each.path()).isEqualTo("value");
            assertThat(each.before()).isNotNull();
            assertThat(each.after()).isNotNull();
        });
    }

    @Test
    void between_extensionsOfAPrimitive_tellsThem() {
        assertThat(told(
                        "birthDate: '1980', _birthDate: {extension: [{url: 'u', valueString: 'a'}]}",
                        "birthDate: '1980', _birthDate: {extension: [{url: 'u', valueString: 'b'}]}"))
                .containsExactly("CHANGED birthDate.extension[0].value -a +b");
    }

    @Test
    void between_extensions_pairsByUrl() {
        assertThat(
                        told(
                                "extension: [{url: 'u', valueString: 'a'}, {url: 'v', valueCode: 'c'}]",
                                "extension: [{url: 'v', valueCode: 'c'}, {url: 'w', valueCode: 'd'}, {url: 'u', valueString: 'b'}]"))
                .hasSize(2)
                .contains("CHANGED extension[2].value -a +b");
    }

    @Test
    void between_nullsInAList_areNothing() {
        assertThat(told(
                        "name: [{given: ['A'], _given: [null, {id: 'a'}]}]",
                        "name: [{given: ['A'], _given: [null, {id: 'b'}]}]"))
                .hasSize(2);
        assertThat(told("name: [{_given: [null, {id: 'a'}]}]", "name: [{_given: [{id: 'a'}, null]}]"))
                .hasSize(1);
    }

    @Test
    void between_decimalsOfOtherPrecision_areOther() {
        String before = "{resourceType: 'Observation', id: 'x', valueQuantity: {value: {$numberDecimal: '1.0'}}}";

        assertThat(Differences.between(BsonDocument.parse(before), BsonDocument.parse(before.replace("1.0", "1.00"))))
                .hasSize(1);
    }

    @Test
    void between_unknownElements_tellsThemLast() {
        assertThat(told("odd: 'a', gender: 'male'", "odd: 'b', gender: 'female'"))
                .containsExactly("CHANGED gender -male +female", "CHANGED odd -a +b");
    }

    @Test
    void between_verySmallAndVeryLarge_isBoundedAndQuick() {
        String many = IntStream.range(0, 20_000)
                .mapToObj(i -> "{system: 's" + i + "', value: 'v'}")
                .collect(Collectors.joining(", ", "identifier: [", "]"));

        assertThat(between("", many)).hasSize(Differences.MOST + 1);
        assertThat(between(many, many.replace("'v'", "'w'"))).hasSize(Differences.MOST + 1);
    }
}
