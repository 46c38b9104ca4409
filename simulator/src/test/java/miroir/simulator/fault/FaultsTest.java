package miroir.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private final Faults faults = new Faults(1);

    @Test
    void next_withoutRules_isNone() {
        assertThat(faults.next(page("Practitioner", 1))).isEmpty();
    }

    @Test
    void next_ruleForTheThirdRequestOfAType_hitsThatOneOnly() {
        faults.add(FaultRule.parse("cut:type=Practitioner,request=3"));
        List<Boolean> hits = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            faults.next(page("Organization", 1));
            hits.add(faults.next(page("Practitioner", 1)).isPresent());
        }

        assertThat(hits).containsExactly(false, false, true, false, false);
        assertThat(faults.happened()).containsEntry(Fault.CUT, 1L);
    }

    @Test
    void next_ruleForAPage_hitsItOnce() {
        faults.add(FaultRule.once(Fault.LINK_TOO_OLD).onPage(5).ofType("Practitioner"));

        assertThat(faults.next(page("Practitioner", 4))).isEmpty();
        assertThat(faults.next(page("Organization", 5))).isEmpty();
        assertThat(faults.next(page("Practitioner", 5))).isPresent();
        assertThat(faults.next(page("Practitioner", 5))).isEmpty();
    }

    @Test
    void next_deadLink_cannotHappenToAFirstPage() {
        faults.add(FaultRule.atRate(Fault.LINK_GONE, 1));

        assertThat(faults.next(page("Practitioner", 1))).isEmpty();
        assertThat(faults.next(page("Practitioner", 0))).isEmpty();
        assertThat(faults.next(page("Practitioner", 2))).isPresent();
    }

    @Test
    void next_atARate_hitsAboutSoManyAndTheSameWithTheSameSeed() {
        assertThat(hitsOf(new Faults(5))).hasSizeBetween(150, 250).isEqualTo(hitsOf(new Faults(5)));
        assertThat(hitsOf(new Faults(6))).isNotEqualTo(hitsOf(new Faults(5)));
    }

    private static Target page(String type, int page) {
        return new Target(type, page > 0, page, () -> true);
    }

    @Test
    void next_endOfPages_cannotHappenToTheLastOneOrToACount() {
        faults.add(FaultRule.once(Fault.EARLY_END));

        assertThat(faults.next(new Target("Device", true, 1, () -> false))).isEmpty();
        assertThat(faults.next(new Target("Device", true, 0, () -> true))).isEmpty();
        assertThat(faults.next(page("Device", 1))).isPresent();
    }

    @Test
    void next_wrongTotal_canHappenToACountAndNotToARead() {
        faults.add(FaultRule.once(Fault.WRONG_TOTAL));

        assertThat(faults.next(Target.other("Device"))).isEmpty();
        assertThat(faults.next(new Target("Device", true, 0, () -> false))).isPresent();
    }

    private static List<Integer> hitsOf(Faults faults) {
        faults.add(FaultRule.parse("truncated:rate=0.1"));
        List<Integer> hits = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            if (faults.next(page("Device", 1)).isPresent()) {
                hits.add(i);
            }
        }
        return hits;
    }

    @Test
    void clear_withRules_endsThem() {
        faults.add(FaultRule.atRate(Fault.CUT, 1));
        faults.clear();

        assertThat(faults.next(page("Device", 1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void parse_textOfARule_isThatRule(Fault fault) {
        FaultRule rule = FaultRule.parse(fault.text() + ":rate=0.5,page=2,type=Device,times=4,seconds=3,file=a.json");

        assertThat(FaultRule.parse(rule.toString())).isEqualTo(rule);
        assertThat(rule.fault()).isEqualTo(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explode", "cut:rate=2", "cut:rate=often", "cut:colour=red", "cut:request", "example"})
    void parse_nonsense_isRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> FaultRule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
