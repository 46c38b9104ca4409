package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.search.Inclusion;
import miroir.index.search.Order;
import miroir.index.store.ContractFields;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

final class AskedParametersTest {
    private static final String TYPE = "Practitioner";
    private static final Condition BY_NAME = new Condition.Text("t_name", "a", false);

    private final SearchParameterRegistry registry = ContractFields.registry();
    private final AskedParameters asked = new AskedParameters(registry, new LinkNames(registry));

    @Test
    void where_everyForm_namesItsParameter() {
        asked.where(
                TYPE,
                new Condition.And(List.of(
                        BY_NAME,
                        new Condition.Or(List.of(new Condition.In("t_active-value", List.of(new BsonString("true"))))),
                        new Condition.Not(new Condition.Exists("t_url")),
                        new Condition.StartsWith("t_identifier-sysval", "s|"),
                        new Condition.Range("t_birthdate-min", List.of()),
                        new Condition.Element("t_weight", Condition.all()))));

        assertThat(codes(TYPE)).containsExactly("active", "birthdate", "identifier", "name", "url", "weight");
    }

    @Test
    void where_idAndAll_nameNone() {
        asked.where(TYPE, Condition.In.texts("_id", List.of("p1"))).where(TYPE, Condition.all());

        assertThat(codes(TYPE)).isEmpty();
    }

    @Test
    void where_chain_namesTheReferenceHereAndTheRestThere() {
        asked.where(
                TYPE,
                new Condition.Linked(Condition.Direction.REFERS_TO, "t_partof-reference", "Organization", BY_NAME));

        assertThat(codes(TYPE)).containsExactly("partof");
        assertThat(codes("Organization")).contains("name");
    }

    @Test
    void where_reverseChain_namesTheReferenceThere() {
        asked.where(
                TYPE,
                new Condition.Linked(Condition.Direction.REFERRED_BY, "t_partof-reference", "Organization", BY_NAME));

        assertThat(codes("Organization")).contains("name", "partof");
        assertThat(codes(TYPE)).doesNotContain("name", "partof");
    }

    @Test
    void by_andIncluding_nameTheirs() {
        asked.by(TYPE, new Order(List.of(new Order.Key("t_name-min", Order.Kind.TEXT, false)), false))
                .including(new Inclusion(
                        Condition.Direction.REFERS_TO, "Organization", "t_partof-reference", List.of(TYPE), false));

        assertThat(codes(TYPE)).contains("name");
        assertThat(codes("Organization")).containsExactly("partof");
    }

    private Set<String> codes(String type) {
        Set<String> codes = new TreeSet<>();
        asked.all((of, code) -> {
            if (of.equals(type)) {
                codes.add(code);
            }
            return true;
        });
        return codes;
    }
}
