package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortParameterTest {
    private static final SearchParser PARSER = new SearchParser(
            RegistryLoader.load(Set.of("Practitioner", "Patient"), ShippedSearch.files()),
            ZoneId.of("Europe/Paris"),
            Set.of());

    private static SearchRequest parse(String query, Handling handling) {
        return PARSER.parse("Practitioner", QueryParameter.decode(query), handling, Instant.EPOCH);
    }

    @Test
    void parse_nothingSaid_leavesTheOrderToTheServer() {
        assertThat(parse("family=martin", Handling.STRICT).order()).isNull();
    }

    @Test
    @Proves("_sort by several, up and down")
    void parse_several_areKeysInTheirOrderUpAndDown() {
        SearchRequest request = parse("_sort=family,-given,-_lastUpdated,family", Handling.STRICT);

        assertThat(request.order())
                .isEqualTo(new Order(
                        List.of(
                                new Order.Key("t_family-min", Order.Kind.TEXT, false),
                                new Order.Key("t_given-max", Order.Kind.TEXT, true),
                                Order.Key.ofLastUpdated(true)),
                        false));
        assertThat(QueryParameter.encode(request.applied())).isEqualTo("_sort=family,-given,-_lastUpdated,family");
    }

    @Test
    void parse_whatComesAfterAnId_sortsNothingAnyMore() {
        assertThat(parse("_sort=family,-_id,given", Handling.STRICT).order())
                .extracting(Order::keys)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(new Order.Key("t_family-min", Order.Kind.TEXT, false), Order.Key.ofId(true));
    }

    @ParameterizedTest
    @CsvSource({
        "communication,t_communication-min,TEXT,t_communication-value",
        "-communication,t_communication-max,TEXT,t_communication-value",
        "address,t_address-min,TEXT,t_address-i",
        "_profile,t_meta-profile-min,TEXT,t_meta-profile",
    })
    void parse_withoutAnIndex_makesTheKeyOfTheValues(String sort, String field, Order.Kind kind, String values) {
        String code = sort.replace("-", "");

        assertThat(parse("_sort=" + sort, Handling.STRICT).order())
                .extracting(Order::keys)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(new Order.Key(field, kind, sort.startsWith("-"), new Order.Values(code, values)));
    }

    @ParameterizedTest
    @CsvSource({
        "-date,t_date.e",
        "date,t_date.s",
        "value-quantity,t_value-quantity.s",
        "-value-quantity,t_value-quantity.e",
        "encounter,t_encounter-reference",
    })
    void parse_withoutAnIndex_ofEveryKind(String sort, String values) {
        SearchParser unlisted = new SearchParser(
                RegistryLoader.load(Set.of("Observation"), List.of()), ZoneId.of("Europe/Paris"), Set.of());
        SearchRequest request =
                unlisted.parse("Observation", QueryParameter.decode("_sort=" + sort), Handling.STRICT, Instant.EPOCH);

        assertThat(Objects.requireNonNull(request.order()).keys())
                .extracting(key -> Objects.requireNonNull(key.values()).field())
                .containsExactly(values);
    }

    @Test
    void parse_composite_hasNoOrder() {
        SearchParser parser = new SearchParser(
                RegistryLoader.load(Set.of("Observation"), ShippedSearch.files()), ZoneId.of("Europe/Paris"), Set.of());

        assertThatThrownBy(() -> parser.parse(
                        "Observation",
                        QueryParameter.decode("_sort=code-value-quantity"),
                        Handling.STRICT,
                        Instant.EPOCH))
                .hasMessageContaining("what code-value-quantity searches has no order; ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "_sort=famly; there is no parameter \"famly\" of Practitioner; did you mean family",
                "_sort=; there is no parameter \"\" of Practitioner",
                "_sort=family,; there is no parameter \"\" of Practitioner",
                "_sort=--family; there is no parameter \"-family\"",
                "_sort:desc=family; allowed is _sort=family and _sort=-family",
                "_sort=family&_sort=given; it is given twice",
                "_sort=a,b,c,d,e,f,g,h,i; it names 9 parameters; allowed are at most 8",
            })
    void parse_whatCannotBe_isRefusedByName(String query, String message) {
        assertThatThrownBy(() -> parse(query, Handling.STRICT))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining("parameter \"_sort")
                .hasMessageContaining(message);
    }

    @Test
    void parse_lenient_leavesOutWhatItCannotSortBy() {
        SearchRequest request = parse("_sort=adress&active=true", Handling.LENIENT);

        assertThat(request.order()).isNull();
        assertThat(QueryParameter.encode(request.applied())).isEqualTo("active=true");
        assertThat(request.warnings()).hasSize(1);
    }
}
