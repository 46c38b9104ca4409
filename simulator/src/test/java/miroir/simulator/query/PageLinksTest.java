package miroir.simulator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import miroir.simulator.Kind;
import miroir.simulator.life.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageLinksTest {
    private final PageLinks links = new PageLinks();

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 5000})
    void page_ofAnId_isThePageThatItWasMadeOf(int length) {
        PageLinks.Page page = new PageLinks.Page(Kind.DEVICE, "é".repeat(length), 123, new Position(4, 5), 6, -1);

        String id = links.id(page);

        assertThat(id).matches("[ud][A-Za-z0-9_-]+").hasSizeLessThan(1600);
        assertThat(links.page(id)).isEqualTo(page);
    }

    @Test
    void page_ofAnIdThatWasChanged_isRefusedAsCorrupted() {
        String id = links.id(new PageLinks.Page(Kind.DEVICE, "active=true", 123, new Position(4, 5), 6, -1));
        for (int i = 1; i < id.length() - 1; i++) {
            String changed = id.substring(0, i) + (id.charAt(i) == 'A' ? 'B' : 'A') + id.substring(i + 1);
            assertThatThrownBy(() -> links.page(changed)).isInstanceOf(SearchRefused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "x", "uAA", "u!!", "dAAAAAAAAAAAAAAAA"})
    void page_ofNonsense_isRefusedAsCorrupted(String id) {
        assertThatThrownBy(() -> links.page(id))
                .isInstanceOf(SearchRefused.class)
                .hasMessage("The url can't be processed. Maybe it is too old or corrupted.");
    }
}
