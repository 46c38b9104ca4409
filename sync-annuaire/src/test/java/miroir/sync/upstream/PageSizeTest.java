package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSizeTest {
    private final PageSize size = new PageSize(200);

    @Test
    void struggled_again_goesDownToTheSmallest() {
        assertThat(size.current()).isEqualTo(200);
        size.struggled();
        assertThat(size.current()).isEqualTo(100);
        size.struggled();
        size.struggled();
        size.struggled();
        assertThat(size.current()).isEqualTo(20);
    }

    @Test
    void succeeded_often_goesUpAgain() {
        size.struggled();
        size.struggled();
        for (int i = 0; i < 20; i++) {
            size.succeeded();
        }
        assertThat(size.current()).isEqualTo(100);
        size.struggled();
        assertThat(size.current()).isEqualTo(50);
    }

    @Test
    void largest_ofTheSource_isKept() {
        PageSize small = new PageSize(60);

        assertThat(small.current()).isEqualTo(60);
        small.struggled();
        assertThat(small.current()).isEqualTo(50);
    }
}
