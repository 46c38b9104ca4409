package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** A create by criteria makes a resource where nothing meets them, and one only, however many ask for it. */
interface CreateUnlessFoundContract extends ContractStore {

    @Test
    default void createUnlessFound_nothingMeetsTheCriteria_creates() {
        put("p1", "{active: false}");

        Written written = createUnlessActive("p2", "{active: true}").orElseThrow();

        assertThat(written.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(live(written).origin()).isEqualTo(ResourceVersion.Origin.CREATED);
        assertThat(ids(token("active", "true"))).containsExactly("p2");
    }

    @Test
    default void createUnlessFound_somethingMeetsTheCriteria_isEmptyAndWritesNothing() {
        put("p1", "{active: true}");

        assertThat(createUnlessActive("p2", "{active: true}")).isEmpty();
        assertThat(ids(Condition.all())).containsExactly("p1");
    }

    @Test
    default void createUnlessFound_whatMetTheCriteriaIsDeleted_creates() {
        put("p1", "{active: true}");
        store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(createUnlessActive("p1", "{active: true}"))
                .map(written -> written.current().version())
                .contains(3L);
    }

    @Test
    default void createUnlessFound_outsideOfTheScope_isNotFound() {
        put("p1", "{active: true, name: ['Anne']}");
        Caller caller = ContractStore.only(new Condition.Not(new Condition.Exists("t_name")));

        assertThat(createUnlessActive(caller, "p2", "{active: true}")).isPresent();
    }

    @Test
    default void createUnlessFound_idOfALiveResource_isRefused() {
        put("p1", "{active: false}");

        refused(Refusal.Reason.PRECONDITION_FAILED, () -> createUnlessActive("p1", "{active: true}"));
        assertThat(ids(token("active", "true"))).isEmpty();
        assertThat(createUnlessActive("p2", "{active: true}")).isPresent();
    }

    @Test
    default void createUnlessFound_byManyAtOnce_createsOne() throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Optional<Written>>> calls = IntStream.range(0, 8)
                    .<Callable<Optional<Written>>>mapToObj(i -> () -> createUnlessActive("p" + i, "{active: true}"))
                    .toList();
            List<Optional<Written>> answers = new ArrayList<>();
            for (Future<Optional<Written>> each : many.invokeAll(calls)) {
                answers.add(each.get());
            }

            assertThat(answers).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(ids(token("active", "true"))).hasSize(1);
        } finally {
            many.shutdown();
        }
    }

    private Optional<Written> createUnlessActive(String id, String body) {
        return createUnlessActive(EVERYONE, id, body);
    }

    private Optional<Written> createUnlessActive(Caller caller, String id, String body) {
        return store().createUnlessFound(
                        caller,
                        new Criteria("Practitioner", token("active", "true"), soon()),
                        new ResourceKey("Practitioner", id),
                        fhir(id, body),
                        ResourceVersion.Origin.CREATED);
    }
}
