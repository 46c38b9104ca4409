package miroir.index.store;

import static miroir.index.search.Condition.Comparison.AT_LEAST;
import static miroir.index.search.Condition.Comparison.LESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** The store that a contract is about, and what its tests are written with. */
public interface ContractStore {
    /** The zone in which {@code meta.lastUpdated} is written. */
    ZoneId ZONE = ZoneId.of("Europe/Paris");

    Caller EVERYONE = Caller.everyone();
    ResourceKey KEY = new ResourceKey("Practitioner", "p1");

    /** A caller who may see, create and change what meets a condition, whatever type it has. */
    static Caller only(Condition condition) {
        Scope scope = new Scope(Map.of(), condition);
        return new Caller(Caller.DEFAULT_TENANT, scope, scope, scope);
    }

    /** The store under test, holding nothing when a test begins. */
    ResourceStore store();

    default void putThree() {
        put("p1", "{name: ['Martin'], birthDate: ['1970-01-01']}");
        put("p2", "{name: ['Marin', 'Zoé'], birthDate: ['1980-01-01']}");
        put("p3", "{active: true}");
    }

    default Written put(String id, String body) {
        return put(id, body, Precondition.none());
    }

    default Written put(String id, String body, Precondition precondition) {
        return store().put(EVERYONE, new ResourceKey("Practitioner", id), fhir(id, body), precondition);
    }

    default RawBsonDocument fhir(String id, String body) {
        String rest = body.substring(1);
        return RawBsonDocument.parse(
                "{resourceType: 'Practitioner', id: '" + id + "'" + (rest.equals("}") ? "" : ", ") + rest);
    }

    default ResourceVersion.Live live(Written written) {
        return assertThat(written.current())
                .asInstanceOf(type(ResourceVersion.Live.class))
                .actual();
    }

    default Page select(Condition where, long after, int limit) {
        return store().select(EVERYONE, new PageQuery("Practitioner", where, after, limit, soon()));
    }

    default List<String> ids(Condition where) {
        return idsOf(select(where, 0, 100));
    }

    default List<String> idsOf(Page page) {
        return page.resources().stream().map(live -> live.key().id()).toList();
    }

    default Total count(Condition where, long atMost) {
        return store().count(EVERYONE, TotalQuery.upTo(atMost, "Practitioner", where, soon()));
    }

    default Condition token(String name, String value) {
        return new Condition.In("t_" + name + "-value", strings(value));
    }

    default Condition updated(Condition.Bound... bounds) {
        return new Condition.Range("t_lastupdated", List.of(bounds));
    }

    /** An interval that lies within these days. */
    default Condition born(String from, String to) {
        return new Condition.Element(
                "t_birthdate",
                new Condition.And(List.of(
                        new Condition.Range(
                                "s",
                                List.of(new Condition.Bound(AT_LEAST, new BsonInt64(ContractFields.startOf(from))))),
                        new Condition.Range(
                                "e", List.of(new Condition.Bound(LESS, new BsonInt64(ContractFields.startOf(to))))))));
    }

    default BsonValue millis(Instant instant) {
        return new BsonInt64(instant.toEpochMilli());
    }

    default List<BsonValue> strings(String... values) {
        return Stream.of(values).<BsonValue>map(BsonString::new).toList();
    }

    default Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    default void refused(Refusal.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(Refusal.class))
                .extracting(Refusal::reason)
                .isEqualTo(reason);
    }
}
