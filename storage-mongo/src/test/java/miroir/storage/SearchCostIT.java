package miroir.storage;

import static miroir.index.search.Condition.Comparison.AT_LEAST;
import static miroir.index.search.Condition.Comparison.AT_MOST;
import static miroir.index.search.Condition.Comparison.GREATER;
import static miroir.index.search.Condition.Comparison.LESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.generated.Proves;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.Scope;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a page costs, for each form of a condition, as MongoDB itself counts it: no more than twenty keys for each resource
 * that is returned, beyond a bound for conditions that no index can deliver in order.
 */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchCostIT {
    private static final int RESOURCES = 20_000;

    /** More than may be sorted, and than are counted. */
    private static final int DELETIONS = 11_000;

    private static final int SORTED = 1_761; // 10 * sqrt(31,000)
    private static final long SEED = 20_261_121L;

    private final StoreDatabase database;
    private final SelectMatches selectMatches;

    SearchCostIT(TestDatabase test) {
        OpenStores.ready(test).close();
        TypeIndexes indexes = new TypeIndexes(ContractFields.registry());
        this.database = new StoreDatabase(OpenStores.settings(test));
        SamplePractitioners sample = new SamplePractitioners(SEED);
        sample.load(database, RESOURCES);
        sample.loadDeletions(database, DELETIONS);
        CountKeys countKeys = new CountKeys(database);
        this.selectMatches = new SelectMatches(
                database,
                new ChooseWalk(new FindDrivers(indexes, countKeys), countKeys),
                new LinkNames(ContractFields.registry()),
                LinkTerms.usual());
    }

    @AfterAll
    void close() {
        database.close();
    }

    /** A condition, the leading field of the index that should answer it, and what it may read beyond the page. */
    record Case(String name, Condition condition, String index, int bound) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("everything", Condition.all(), "position", 0),
                new Case("ids", in("_id", "p-1", "p-400", "p-19999"), "_id", 0),
                new Case("identifier", in("t_identifier-value", "id777"), "t_identifier-value", 0),
                new Case("identifier, nobody's", in("t_identifier-value", "none"), "t_identifier-value", 0),
                new Case(
                        "identifier with system",
                        and(in("t_identifier-value", "id777"), in("t_identifier-sysval", "urn:rpps|id777")),
                        "t_identifier-value",
                        0),
                new Case("frequent token", in("t_active-value", "true"), "t_active-value", 0),
                new Case("two values", in("t_active-value", "true", "false"), "t_active-value", 0),
                new Case("a hundred identifiers", in("t_identifier-value", ids(100)), "t_identifier-value", 0),
                new Case("many identifiers", in("t_identifier-value", ids(500)), "t_identifier-value", SORTED),
                new Case("a hundred places", in("t_partof-reference", places(100)), "t_partof-reference", 100),
                new Case("reference", in("t_partof-reference", "Organization/o7"), "t_partof-reference", 0),
                new Case(
                        "reference and token",
                        and(in("t_active-value", "true"), in("t_partof-reference", "Organization/o7")),
                        "t_partof-reference",
                        0),
                new Case("not", new Condition.Not(in("t_active-value", "true")), "position", 0),
                new Case(
                        "not, beside what has an index",
                        and(new Condition.Not(in("t_active-value", "true")), in("t_identifier-value", "id777")),
                        "t_identifier-value",
                        0),
                new Case("missing", new Condition.Not(new Condition.Exists("t_missing")), "position", 0),
                new Case(
                        "missing token",
                        new Condition.Not(new Condition.Exists("t_identifier-sysval")),
                        "t_identifier-value",
                        0),
                new Case("missing text", new Condition.Not(new Condition.Exists("t_name")), "t_name-3g", 0),
                new Case(
                        "missing reference",
                        new Condition.Not(new Condition.Exists("t_partof-reference")),
                        "t_partof-reference",
                        0),
                new Case("missing url", new Condition.Not(new Condition.Exists("t_url")), "t_url", 0),
                new Case("missing date", new Condition.Not(new Condition.Exists("t_birthdate")), "t_birthdate.e", 0),
                new Case(
                        "missing number, of which nothing is sorted by any",
                        new Condition.Not(new Condition.Exists("t_weight")),
                        "t_weight.e",
                        0),
                new Case(
                        "missing among many",
                        and(in("t_active-value", "true"), new Condition.Not(new Condition.Exists("t_name"))),
                        "t_name-3g",
                        0),
                new Case(
                        "missing token among many",
                        and(
                                in("t_active-value", "true"),
                                new Condition.Not(new Condition.Exists("t_identifier-sysval"))),
                        "t_identifier-value",
                        0),
                new Case("there", new Condition.Exists("t_birthdate"), "position", 0),
                new Case("prefix of one letter", text("m", false), "t_name-3g", 0),
                new Case("prefix of two letters", text("ma", false), "t_name-3g", 0),
                new Case("prefix", text("mar", false), "t_name-3g", 0),
                new Case("long prefix", text("martindu", false), "t_name-w", SORTED),
                new Case("prefix that nobody has", text("xyz", false), "t_name-w", 0),
                new Case("word", new Condition.Word("t_name", "martindu"), "t_name-w", 60),
                new Case("frequent word", new Condition.Word("t_name", "mar"), "t_name-3g", SORTED),
                new Case("whole, but for an error", in("t_name-i", nearly("martindu")), "t_name-w", 60),
                new Case("contains", text("art", true), "t_name-3g", 0),
                new Case("contains more", text("taineche", true), "t_name-3g", 0),
                new Case("contains two letters", text("ta", true), "position", 0),
                new Case(
                        "frequent token and prefix",
                        and(in("t_active-value", "true"), text("mar", false)),
                        "t_name-3g",
                        0),
                new Case("born on a day", born("1970-05-05", "1970-05-06"), "t_birthdate.s", SORTED),
                new Case("born in a year", born("1970-01-01", "1971-01-01"), "t_birthdate.s", SORTED),
                new Case("born in fifty years", born("1940-01-01", "1990-01-01"), "position", SORTED),
                new Case("born late", bornAfter("1998-05-20"), "t_birthdate.e", SORTED),
                new Case("born late or not", bornAfter("1950-05-20"), "position", SORTED),
                new Case("born early", bornBefore("1930-02-01"), "t_birthdate.s", SORTED),
                new Case(
                        "born in a year, and active",
                        and(in("t_active-value", "true"), born("1970-01-01", "1971-01-01")),
                        "t_birthdate.s",
                        SORTED),
                new Case(
                        "born in fifty years, and active",
                        and(in("t_active-value", "true"), born("1940-01-01", "1990-01-01")),
                        "t_active-value",
                        0),
                new Case("not born in a year", new Condition.Not(born("1970-01-01", "1971-01-01")), "position", 0),
                new Case("url", in("t_url", "http://place/7/x"), "t_url", 0),
                new Case("urls below", new Condition.StartsWith("t_url", "http://place/7"), "position", SORTED),
                new Case("few urls below", new Condition.StartsWith("t_url", "http://place/77"), "t_url", SORTED),
                new Case("changed lately", updated(AT_LEAST, RESOURCES - 300), "t_lastupdated", SORTED),
                new Case("changed long ago", updated(LESS, 300), "t_lastupdated", SORTED),
                new Case("changed at some time", updated(GREATER, 300), "position", SORTED),
                new Case(
                        "tokens with system, or not",
                        and(
                                in("t_identifier-value", "id5", "id6"),
                                or(in("t_identifier-value", "id5"), in("t_identifier-sysval", "urn:rpps|id6"))),
                        "t_identifier-value",
                        0),
                new Case(
                        "either of one field",
                        or(
                                and(in("t_identifier-value", "id5"), in("t_active-value", "true", "false")),
                                in("t_identifier-value", "id9")),
                        "t_identifier-value",
                        0),
                new Case("either prefix", or(text("martin", false), text("fontaine", false)), "t_name-w", SORTED),
                new Case("either prefix, nobody's", or(text("xyz", false), text("zzz", true)), "t_name-3g", 0),
                new Case("a prefix or anything", or(text("martin", false), text("a", true)), "position", 0),
                new Case("exactly", in("t_name", "Martin"), "t_name-w", 0),
                new Case("exactly one of two", in("t_name", "Martin", "Fontaine"), "t_name-w", 0),
                new Case(
                        "born on either day",
                        or(born("1970-05-05", "1970-05-06"), born("1980-05-05", "1980-05-06")),
                        "t_birthdate.s",
                        SORTED),
                new Case(
                        "ge, late",
                        bornIf(or(side("e", GREATER, "1998-05-21"), side("s", AT_LEAST, "1998-05-20"))),
                        "t_birthdate.e",
                        SORTED),
                new Case(
                        "le, early",
                        bornIf(or(side("s", LESS, "1930-02-01"), side("e", AT_MOST, "1930-02-02"))),
                        "t_birthdate.s",
                        SORTED),
                new Case(
                        "ap, early",
                        bornIf(and(side("s", AT_MOST, "1930-03-01"), side("e", AT_LEAST, "1930-02-02"))),
                        "t_birthdate.s",
                        SORTED),
                new Case(
                        "ne",
                        bornIf(or(side("s", LESS, "1960-03-01"), side("e", GREATER, "1960-03-02"))),
                        "position",
                        0),
                new Case("bare id", in("t_partof-id", "o7"), "t_partof-id", 0),
                new Case(
                        "identifier by its type",
                        and(in("t_identifier-value", "id777"), in("t_identifier-of-type", "urn:types|RPPS|id777")),
                        "t_identifier-value",
                        0),
                new Case("reference by identifier", in("t_partof-identifier", "urn:finess|7"), "position", RESOURCES),
                new Case(
                        "weight",
                        weighs(and(weight("s", AT_LEAST, "70.5"), weight("e", LESS, "70.6"))),
                        "t_weight.s",
                        SORTED),
                new Case(
                        "weight in kilograms",
                        weighs(and(
                                and(weight("s", AT_LEAST, "70.5"), weight("e", LESS, "71.5")),
                                new Condition.In("code", List.of(new BsonString("kg"))))),
                        "t_weight.s",
                        SORTED),
                new Case("heavy", weighs(weight("e", GREATER, "997")), "t_weight.e", SORTED),
                new Case("light", weighs(weight("s", AT_MOST, "3.50")), "t_weight.s", SORTED),
                new Case("all above", weighs(weight("s", GREATER, "997")), "t_weight.s", SORTED),
                new Case("all below", weighs(weight("e", LESS, "3.50")), "t_weight.e", SORTED),
                new Case("of any weight", weighs(weight("e", AT_LEAST, "3.50")), "position", SORTED),
                new Case(
                        "another weight",
                        weighs(or(weight("s", LESS, "69.5"), weight("e", AT_LEAST, "70.5"))),
                        "position",
                        0),
                new Case("either of two fields", or(in("t_active-value", "true"), text("mar", false)), "position", 0));
    }

    /** Every letter of a text may be another one. */
    private static String[] nearly(String text) {
        return IntStream.range(0, text.length())
                .boxed()
                .flatMap(at -> IntStream.rangeClosed('a', 'z')
                        .mapToObj(letter -> text.substring(0, at) + (char) letter + text.substring(at + 1)))
                .distinct()
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void select_eachForm_comesFromTheRightIndexWithFewKeys(Case each) {
        for (long after : new long[] {0, RESOURCES / 2}) {
            Deadline deadline = Deadline.in(Duration.ofSeconds(30));
            MatchQuery query = MatchQuery.byPosition(
                    "Practitioner", each.condition(), after, 51, SelectPage.SHOWN, null, Scope.everything(), deadline);
            Walk walk = selectMatches.walk(query);
            Stretch stretch = Stretch.of(query.order(), query.after()).get(0);
            BsonDocument explained =
                    new FindInOrder.Find(selectMatches.source(query, walk), query, stretch, 51).explained();
            BsonDocument stats = explained.getDocument("executionStats");

            long returned = stats.getNumber("nReturned").longValue();
            long keys = stats.getNumber("totalKeysExamined").longValue();
            long documents = stats.getNumber("totalDocsExamined").longValue();
            String plan = explained
                    .getDocument("queryPlanner")
                    .getDocument("winningPlan")
                    .toJson();
            assertThat(walk.by()).isEqualTo(each.index());
            assertThat(plan).doesNotContain("COLLSCAN");
            assertThat(Math.max(keys, documents)).as(plan).isLessThanOrEqualTo(20 * (returned + 1 + each.bound()));
        }
    }

    @Test
    void of_missingComposite_isTheIndexOnItsFirstComponent() {
        SearchParameter composite = new SearchParameter(
                "Observation",
                "code-value",
                SearchParameterType.COMPOSITE,
                "Observation",
                "code-value",
                true,
                false,
                "",
                "",
                List.of(),
                List.of(
                        new SearchParameter.Component("code", SearchParameterType.TOKEN, "code"),
                        new SearchParameter.Component("value", SearchParameterType.QUANTITY, "value")),
                "test");
        TypeIndexes indexes = new TypeIndexes(SearchParameterRegistry.of(List.of("Observation"), List.of(composite)));
        Condition missing = new Condition.Not(new Condition.Exists("t_code-value-tuple"));

        assertThat(new FindDrivers(indexes, new CountKeys(database))
                        .of("Observation", missing, Deadline.in(Duration.ofSeconds(30))))
                .allMatch(Driver::inOrder)
                .extracting(driver -> driver.index().getFirstKey())
                .containsExactly("t_code-value-tuple.code-value");
    }

    @Test
    @Proves("what takes too long is refused: 503")
    void select_beyondTheDeadline_isTooCostly() {
        Condition nobodys = text("zq", true);
        PageQuery query = new PageQuery("Practitioner", nobodys, 0, 50, Deadline.in(Duration.ofSeconds(-1)));

        assertThatThrownBy(() -> Refusing.failures(
                        "finding", () -> new SelectPage(selectMatches).run(nobodys, Scope.everything(), query)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY));
    }

    /** A condition, what it is sorted by, and the leading field of the index that should answer it. */
    record SortedCase(String name, Condition condition, List<Order.Key> keys, String index, int bound) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<SortedCase> sortedCases() {
        Order.Key name = new Order.Key("t_name-min", Order.Kind.TEXT, false);
        Order.Key lastName = new Order.Key("t_name-max", Order.Kind.TEXT, true);
        Order.Key born = new Order.Key("t_birthdate-min", Order.Kind.NUMBER, false);
        Order.Key updated = new Order.Key("t_lastupdated", Order.Kind.NUMBER, true);
        Order.Key id = new Order.Key("_id", Order.Kind.TEXT, false);
        Order.Key identifier = identifier();
        Condition few = in("t_partof-reference", "Organization/o7");
        Condition many = in("t_active-value", "true");
        return Stream.of(
                new SortedCase("everything by name", Condition.all(), List.of(name), "t_name-min", 0),
                new SortedCase("everything by name, down", Condition.all(), List.of(lastName), "t_name-max", 0),
                new SortedCase("everything by birth", Condition.all(), List.of(born), "t_birthdate-min", 0),
                new SortedCase("the newest", Condition.all(), List.of(updated), "t_lastupdated", 0),
                new SortedCase("everything by id", Condition.all(), List.of(id), "_id", 0),
                new SortedCase("many by name", many, List.of(name), "t_name-min", 0),
                new SortedCase("few by name", few, List.of(name), "t_partof-reference", SORTED),
                new SortedCase("few by id", few, List.of(id), "t_partof-reference", SORTED),
                new SortedCase("few without an index", few, List.of(identifier), "t_partof-reference", SORTED),
                new SortedCase(
                        "few, the second without an index",
                        few,
                        List.of(born, identifier),
                        "t_partof-reference",
                        SORTED),
                new SortedCase(
                        "updated since, by name",
                        updated(AT_LEAST, RESOURCES - 500),
                        List.of(name),
                        "t_lastupdated",
                        SORTED),
                new SortedCase(
                        "updated since, the newest",
                        updated(AT_LEAST, RESOURCES - 500),
                        List.of(updated),
                        "t_lastupdated",
                        0),
                new SortedCase(
                        "updated in the first half",
                        updated(LESS, RESOURCES / 2),
                        List.of(updated),
                        "t_lastupdated",
                        0));
    }

    @ParameterizedTest
    @MethodSource("sortedCases")
    void select_sorted_comesFromTheRightIndexWithFewKeys(SortedCase each) {
        Order order = new Order(each.keys(), false);
        Deadline deadline = Deadline.in(Duration.ofSeconds(30));
        PagePosition after = null;
        for (int page = 0; page < 3; page++) {
            MatchQuery query = new MatchQuery(
                    "Practitioner",
                    each.condition(),
                    order,
                    after,
                    51,
                    new OrderedPlaces(order).parts(SelectPage.SHOWN),
                    null,
                    Scope.everything(),
                    true,
                    null,
                    deadline);
            Walk walk = selectMatches.walk(query);
            long returned = 0;
            long read = 0;
            List<FindInOrder.Find> finds = new ArrayList<>();
            try (Matches found = selectMatches.run(query.telling(finds::add))) {
                while (found.hasNext()) {
                    after = new OrderedPlaces(order).of(found.next());
                }
            }
            for (FindInOrder.Find find : finds) {
                BsonDocument stats = ExplainPage.part(find.explained(), "executionStats");
                returned += stats.getNumber("nReturned").longValue();
                read += Math.max(
                        stats.getNumber("totalKeysExamined").longValue(),
                        stats.getNumber("totalDocsExamined").longValue());
            }
            assertThat(walk.by()).isEqualTo(each.index());
            assertThat(read).isLessThanOrEqualTo(20 * (returned + 1) + each.bound());
        }
    }

    private static Order.Key identifier() {
        Order.Values values = new Order.Values("identifier", "t_identifier-value");
        return new Order.Key("t_identifier-min", Order.Kind.TEXT, false, values);
    }

    @Test
    @Proves("_sort without an index, of more than 10,000")
    void select_sortedWithoutAnIndex_isForFew() {
        Order order = new Order(List.of(identifier()), false);
        PageQuery first = new PageQuery(
                "Practitioner", Condition.all(), order, null, 5, null, Deadline.in(Duration.ofSeconds(30)));

        assertThatThrownBy(() -> new SelectPage(selectMatches).run(Condition.all(), Scope.everything(), first))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_MANY))
                .hasMessageContaining("more than 10000 of Practitioner")
                .hasMessageContaining("_sort=identifier with criteria")
                .hasMessageContaining("birthdate");
        PageQuery later = new PageQuery(
                "Practitioner",
                Condition.all(),
                order,
                new PagePosition(List.of(new BsonString("id777")), 0),
                5,
                null,
                Deadline.in(Duration.ofSeconds(30)));
        assertThat(new SelectPage(selectMatches)
                        .run(Condition.all(), Scope.everything(), later)
                        .ends())
                .first()
                .extracting(end -> end.keys().get(0))
                .isEqualTo(new BsonString("id777"));
    }

    /** The compartment of a patient is such a condition: without this it would be tested on everything. */
    @Test
    void select_alternativesOfSeveralIndexes_goesByEachOfThem() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(30));
        Condition either = and(
                new Condition.Exists("t_birthdate"),
                or(in("t_identifier-value", "id777", "id778"), in("t_partof-reference", "Organization/o7")));

        assertThat(selectMatches.alternatives(query(either, deadline)))
                .extracting(each -> selectMatches.walk(query(each, deadline)).by())
                .containsExactly("t_identifier-value", "t_partof-reference");
        assertThat(selectMatches.alternatives(query(or(in("t_active-value", "true"), text("t", true)), deadline)))
                .hasSize(1);
    }

    private static MatchQuery query(Condition condition, Deadline deadline) {
        return MatchQuery.byPosition(
                "Practitioner", condition, 0, 10, SelectPage.SHOWN, null, Scope.everything(), deadline);
    }

    private static Condition and(Condition... parts) {
        return new Condition.And(List.of(parts));
    }

    private static Condition or(Condition... parts) {
        return new Condition.Or(List.of(parts));
    }

    private static Condition in(String field, String... values) {
        return new Condition.In(
                field, Arrays.stream(values).<BsonValue>map(BsonString::new).toList());
    }

    private static String[] ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "id" + i * 31).toArray(String[]::new);
    }

    private static String[] places(int count) {
        return IntStream.range(0, count).mapToObj(i -> "Organization/o" + i).toArray(String[]::new);
    }

    private static Condition text(String needle, boolean anywhere) {
        return new Condition.Text("t_name", needle, anywhere);
    }

    private static Condition born(String from, String to) {
        return new Condition.Element("t_birthdate", and(side("s", AT_LEAST, from), side("e", LESS, to)));
    }

    private static Condition bornAfter(String day) {
        return new Condition.Element("t_birthdate", side("e", GREATER, day));
    }

    private static Condition bornBefore(String day) {
        return new Condition.Element("t_birthdate", side("s", AT_MOST, day));
    }

    private static Condition bornIf(Condition test) {
        return new Condition.Element("t_birthdate", test);
    }

    private static Condition side(String field, Condition.Comparison comparison, String day) {
        long millis = ContractFields.startOf(LocalDate.parse(day).toString());
        return new Condition.Range(field, List.of(new Condition.Bound(comparison, new BsonInt64(millis))));
    }

    private static Condition weighs(Condition test) {
        return new Condition.Element("t_weight", test);
    }

    private static Condition weight(String field, Condition.Comparison comparison, String kilograms) {
        BsonDecimal128 value = new BsonDecimal128(Decimal128.parse(kilograms));
        return new Condition.Range(field, List.of(new Condition.Bound(comparison, value)));
    }

    private static Condition updated(Condition.Comparison comparison, int resource) {
        long millis = SamplePractitioners.FIRST
                .plusSeconds((long) resource * SamplePractitioners.SECONDS_APART)
                .toEpochMilli();
        return new Condition.Range("t_lastupdated", List.of(new Condition.Bound(comparison, new BsonInt64(millis))));
    }
}
