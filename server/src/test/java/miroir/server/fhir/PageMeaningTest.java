package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.Condition;
import miroir.index.store.Scope;
import miroir.server.paging.PageToken;
import org.junit.jupiter.api.Test;

class PageMeaningTest {
    private static final SearchParameterRegistry BEFORE = RegistryLoader.load(Set.of("Organization"), List.of());
    private static final SearchParameterRegistry AFTER =
            RegistryLoader.load(Set.of("Organization"), List.of(new ConfigurationText("a.yaml", """
                            resources:
                              - name: Organization
                                searchParams:
                                  - {name: name, searchType: string, resourcePaths: [alias]}
                            """)));

    private static final Set<String> TYPES = Set.of("Organization");

    private static PageMeaning meaning(SearchParameterRegistry registry) {
        return new PageMeaning(
                new FieldExtractor(registry, new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of())));
    }

    private static Set<SearchParameter> parameters(SearchParameterRegistry registry, String code) {
        return Set.of(Objects.requireNonNull(registry.find("Organization", code)));
    }

    private static PageToken token(String code) {
        return new PageToken(
                "Organization",
                "http://a/fhir",
                List.of(),
                null,
                false,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                meaning(BEFORE).of(parameters(BEFORE, code), TYPES, Scope.everything()));
    }

    @Test
    void requireSame_afterAnotherParameterChanged_goesOn() {
        assertThatNoException()
                .isThrownBy(() -> meaning(AFTER)
                        .requireSame(token("identifier"), parameters(AFTER, "identifier"), TYPES, Scope.everything()));
    }

    @Test
    void requireSame_afterOneOfItsParametersChanged_isExpired() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        meaning(AFTER).requireSame(token("name"), parameters(AFTER, "name"), TYPES, Scope.everything()))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.EXPIRED));
    }

    @Test
    void requireSame_afterWhatIsSeenOfItsTypeChanged_isExpired() {
        Scope other = Scope.of(Map.of("Device", Condition.all()));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> meaning(BEFORE)
                        .requireSame(token("identifier"), parameters(BEFORE, "identifier"), TYPES, other))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.EXPIRED));
    }

    @Test
    void understood_whatIsNotAnyMore_isExpired() {
        assertThat(reason(Refusal.Reason.INVALID)).isEqualTo(Refusal.Reason.EXPIRED);
        assertThat(reason(Refusal.Reason.NOT_READY)).isEqualTo(Refusal.Reason.NOT_READY);
    }

    private static Refusal.Reason reason(Refusal.Reason of) {
        try {
            return PageMeaning.understood(() -> {
                throw new Refusal(of, "no");
            });
        } catch (Refusal refused) {
            return refused.reason();
        }
    }
}
