package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a query is refused, or left out, while a parameter cannot be searched yet. */
final class SearchableParametersTest {
    private static final SearchParameterRegistry REGISTRY = RegistryLoader.load(
            Set.of("Practitioner", "PractitionerRole", "Organization", "Observation", "List"), List.of());

    private final Set<String> pending = new HashSet<>();
    private final SearchParser parser = new SearchParser(
            new SearchableParameters(
                    REGISTRY,
                    (type, code) -> pending.contains(type + "." + code)
                            ? Optional.of(type + "." + code + " is being made")
                            : Optional.empty()),
            ZoneId.of("Europe/Paris"),
            Set.of(),
            SearchLimits.defaults());

    @BeforeEach
    void start() {
        pending.clear();
    }

    private SearchRequest parse(String type, String query, Handling handling) {
        return parser.parse(type, QueryParameter.decode(query), handling);
    }

    @ParameterizedTest
    @Proves("a parameter that is not ready for what is stored is refused: 503")
    @CsvSource(delimiter = '|', textBlock = """
            Organization.name              | Organization     | name=x
            Organization.name              | Organization     | name:missing=true
            Organization.name              | Organization     | name:exact=x
            Organization.identifier        | Organization     | identifier:not=x
            Practitioner.family            | PractitionerRole | practitioner.family=x
            PractitionerRole.practitioner  | PractitionerRole | practitioner.family=x
            PractitionerRole.role          | Practitioner     | _has:PractitionerRole:practitioner:role=x
            PractitionerRole.practitioner  | Practitioner     | _has:PractitionerRole:practitioner:role=x
            PractitionerRole.practitioner  | PractitionerRole | _include=PractitionerRole:practitioner
            PractitionerRole.practitioner  | Practitioner     | _revinclude=PractitionerRole:practitioner
            Observation.code-value-concept | Observation      | code-value-concept=a$b
            List.item                      | Organization     | _list=1
            Organization._tag              | Organization     | _tag=x
            """)
    void parse_pendingParameter_isRefusedOrLeftOut(String name, String type, String query) {
        assertThat(parse(type, query, Handling.STRICT).warnings()).isEmpty();
        pending.add(name);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> parse(type, query, Handling.STRICT))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY))
                .withMessageContaining(name + " is being made");
        SearchRequest lenient = parse(type, query, Handling.LENIENT);
        assertThat(lenient.where().isAll()).isTrue();
        assertThat(lenient.inclusions()).isEmpty();
        assertThat(lenient.applied()).isEmpty();
        assertThat(lenient.warnings())
                .singleElement()
                .satisfies(
                        warning -> assertThat(warning).startsWith("ignored: ").contains(name + " is being made"));
    }

    @Test
    void parse_sortByPendingParameter_isRefusedOrLeftOut() {
        SearchParameterRegistry sorted = SearchParameterRegistry.of(
                Set.of("Organization"),
                REGISTRY.of("Organization").stream()
                        .map(each -> each.with(true, true))
                        .toList());
        SearchParser sorting = new SearchParser(
                new SearchableParameters(
                        sorted,
                        (type, code) -> code.equals("name") ? Optional.of("name is being made") : Optional.empty()),
                ZoneId.of("Europe/Paris"),
                Set.of(),
                SearchLimits.defaults());
        List<QueryParameter> query = QueryParameter.decode("_sort=-name");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> sorting.parse("Organization", query, Handling.STRICT))
                .withMessageContaining("name is being made");
        assertThat(sorting.parse("Organization", query, Handling.LENIENT).order())
                .isNull();
    }

    /** Nobody named the one that is not ready. */
    @Test
    void parse_starWithPendingParameter_isRefusedOrLacksThat() {
        int all = parse("PractitionerRole", "_include=*", Handling.STRICT)
                .inclusions()
                .size();
        pending.add("PractitionerRole.practitioner");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> parse("PractitionerRole", "_include=*", Handling.STRICT))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY));
        for (String star : List.of("_include=*", "_include=PractitionerRole:*")) {
            SearchRequest lenient = parse("PractitionerRole", star, Handling.LENIENT);
            assertThat(lenient.inclusions()).hasSize(all - 1);
            assertThat(lenient.parameters())
                    .extracting(SearchParameter::code)
                    .doesNotContain("practitioner")
                    .contains("organization");
            assertThat(lenient.warnings())
                    .singleElement()
                    .satisfies(warning -> assertThat(warning)
                            .startsWith("ignored: ")
                            .contains("PractitionerRole:practitioner: ", "is being made"));
        }
    }

    /** Of several types that a chain may lead to, none is left out silently. */
    @Test
    void parse_chainToSeveralTypesOneOfWhichIsPending_isRefused() {
        pending.add("Organization.name");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> parse("Observation", "performer.name=x", Handling.STRICT))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_READY));
    }

    @Test
    void parse_others_goOn() {
        pending.add("Organization.name");

        assertThat(parse("Organization", "identifier=x&_id=1&_lastUpdated=gt2020", Handling.STRICT)
                        .parameters())
                .extracting(SearchParameter::code)
                .containsExactly("identifier");
    }

    @Test
    void parameters_areAllByWhichItIsAnswered() {
        assertThat(parse(
                                "PractitionerRole",
                                "practitioner.family=x&organization:missing=true&_include=PractitionerRole:location",
                                Handling.STRICT)
                        .parameters())
                .extracting(parameter -> parameter.type() + "." + parameter.code())
                .containsExactlyInAnyOrder(
                        "PractitionerRole.practitioner",
                        "Practitioner.family",
                        "PractitionerRole.organization",
                        "PractitionerRole.location");
    }
}
