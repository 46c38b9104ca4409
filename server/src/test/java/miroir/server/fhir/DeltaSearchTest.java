package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import miroir.index.search.Prefix;
import miroir.index.search.SearchExpression;
import miroir.index.value.DateInterval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DeltaSearchTest {
    private static final Set<Prefix> BOUNDED_ABOVE = Set.of(Prefix.LT, Prefix.LE, Prefix.EB);

    @ParameterizedTest
    @EnumSource(Prefix.class)
    void is_lastUpdatedSomewhereInside_whereItsPrefixReachesTheFuture(Prefix prefix) {
        SearchExpression updated = new SearchExpression.LastUpdated(prefix, new DateInterval(0, 1));
        SearchExpression.And search = new SearchExpression.And(
                List.of(new SearchExpression.Id("a"), new SearchExpression.Or(List.of(updated))));

        assertThat(DeltaSearch.is(search)).isEqualTo(!BOUNDED_ABOVE.contains(prefix));
    }
}
