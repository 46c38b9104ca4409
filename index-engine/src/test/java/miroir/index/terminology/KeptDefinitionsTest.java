package miroir.index.terminology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import miroir.index.store.ResourceKey;
import org.junit.jupiter.api.Test;

class KeptDefinitionsTest {
    private static final int MEGABYTE = 1 << 20;

    private final KeptDefinitions kept = new KeptDefinitions();
    private final Definition definition = new ValueSet(
            new ValueSet.Head(null, null, null, null, "active"), null, List.of(), List.of(), false, Map.of());

    private static ResourceKey key(String id) {
        return new ResourceKey("ValueSet", id);
    }

    @Test
    void keep_moreBytesThanAllowed_dropsWhatWasAskedForLongestAgo() {
        kept.keep(key("a"), 1, definition, 7 * MEGABYTE);
        kept.keep(key("b"), 1, definition, 7 * MEGABYTE);
        kept.find(key("a"), 1);
        kept.keep(key("c"), 1, definition, 7 * MEGABYTE);

        assertThat(kept.find(key("a"), 1)).isNotNull();
        assertThat(kept.find(key("b"), 1)).isNull();
        assertThat(kept.find(key("c"), 1)).isNotNull();
    }

    @Test
    void keep_newVersions_weighsTheLastOne() {
        for (int version = 1; version <= 10; version++) {
            kept.keep(key("a"), version, definition, 7 * MEGABYTE);
        }
        kept.keep(key("b"), 1, definition, 7 * MEGABYTE);

        assertThat(kept.find(key("a"), 9)).isNull();
        assertThat(kept.find(key("a"), 10)).isNotNull();
        assertThat(kept.find(key("b"), 1)).isNotNull();
    }

    @Test
    void keep_heavierThanAllTogether_isNotKeptAndDropsNothing() {
        kept.keep(key("a"), 1, definition, MEGABYTE);
        kept.keep(key("b"), 1, definition, 17 * MEGABYTE);

        assertThat(kept.find(key("a"), 1)).isNotNull();
        assertThat(kept.find(key("b"), 1)).isNull();
    }
}
