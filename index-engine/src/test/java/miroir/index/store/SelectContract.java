package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** Pages and totals of a search. */
interface SelectContract extends ContractStore {

    @Test
    default void select_everything_isInOrderOfCreation() {
        for (String id : List.of("z", "a", "m")) {
            put(id, "{}");
        }
        put("a", "{active: true}");

        assertThat(ids(Condition.all())).containsExactly("z", "a", "m");
    }

    @Test
    default void select_pageByPage_meetsEachResourceOnce() {
        IntStream.range(0, 25).forEach(i -> put("p" + i, "{active: " + (i % 2 == 0) + "}"));

        List<String> seen = new ArrayList<>();
        long after = 0;
        boolean more = true;
        while (more) {
            Page page = select(token("active", "true"), after, 4);
            page.resources().forEach(live -> seen.add(live.key().id()));
            after = page.resources().get(page.resources().size() - 1).position();
            more = page.more();
        }

        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 25)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(i -> "p" + i)
                        .toList());
    }

    @Test
    default void stamps_ofMatches_areTheirCurrentVersions() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        ResourceVersion changed = put("p1", "{active: true, name: ['Anne']}").current();
        PageQuery active = new PageQuery("Practitioner", token("active", "true"), 0, 10, soon());

        assertThat(store().stamps(EVERYONE, active))
                .containsExactly(new VersionStamp(changed.key(), 2, changed.from()));
    }

    @Test
    default void select_exactlyALimitOfMatches_saysThatThereAreNoMore() {
        put("p1", "{}");
        put("p2", "{}");

        assertThat(select(Condition.all(), 0, 2).more()).isFalse();
        assertThat(select(Condition.all(), 0, 1).more()).isTrue();
    }

    @Test
    default void select_largeResources_endsThePageByItsBytes() {
        String name = "x".repeat(Page.MOST_BYTES * 2 / 5);
        IntStream.range(0, 5).forEach(i -> put("p" + i, "{large: '" + name + "'}"));

        List<List<String>> pages = new ArrayList<>();
        Page page = select(Condition.all(), 0, 100);
        while (page.more()) {
            pages.add(idsOf(page));
            page = select(
                    Condition.all(),
                    page.resources().get(page.resources().size() - 1).position(),
                    100);
        }
        pages.add(idsOf(page));

        assertThat(pages).containsExactly(List.of("p0", "p1"), List.of("p2", "p3"), List.of("p4"));
    }

    @Test
    default void select_resourceLargerThanAPage_isAPageOfItsOwn() {
        put("p0", "{large: '" + "x".repeat(Page.MOST_BYTES) + "'}");
        put("p1", "{}");

        Page first = select(Condition.all(), 0, 100);

        assertThat(idsOf(first)).containsExactly("p0");
        assertThat(first.more()).isTrue();
    }

    @Test
    default void select_found_isWhatReadReturns() {
        ResourceVersion written = put("p1", "{name: ['Anne'], active: true}").current();

        assertThat(select(token("active", "true"), 0, 10).resources())
                .containsExactly(((ResourceVersion.Live) written).found());
    }

    @Test
    default void select_typeWithoutResources_isEmpty() {
        put("p1", "{}");

        assertThat(store().select(EVERYONE, new PageQuery("Organization", Condition.all(), 0, 5, soon()))
                        .resources())
                .isEmpty();
    }

    @Test
    default void count_upToALimit_saysWhetherItStopped() {
        IntStream.range(0, 12).forEach(i -> put("p" + i, "{active: true}"));

        assertThat(count(token("active", "true"), 12)).isEqualTo(new Total(12, true));
        assertThat(count(token("active", "true"), 5)).isEqualTo(new Total(5, false));
        assertThat(count(Condition.all(), 5)).isEqualTo(new Total(5, false));
        assertThat(count(Condition.all(), Long.MAX_VALUE)).isEqualTo(new Total(12, true));
        assertThat(count(token("active", "false"), Long.MAX_VALUE)).isEqualTo(new Total(0, true));
    }
}
