package miroir.simulator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {
    private static final LocalDate BEGIN = LocalDate.of(2026, 11, 1);
    private static final Instant MORNING = Instant.parse("2026-11-30T07:00:00Z");
    private static final int LIVELY = 40;

    private final World world = new World(42, 300, LIVELY, BEGIN, Duration.ZERO);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void walk_withoutSpan_givesEachThatExistsOnce(Kind kind) {
        List<Standing> walked = all(world, kind, Span.ALWAYS, MORNING);

        assertThat(walked)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> Long.compare(a.updated(), b.updated()));
        assertThat(new HashSet<>(walked)).isEqualTo(standing(world, kind, MORNING));
        assertThat(walked.size()).isGreaterThan((int) (world.directory().size(kind) * 9 / 10));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void walk_withinASpan_givesWhatWasWrittenInIt(Kind kind) {
        Span lastTwoDays = new Span(MORNING.minus(Duration.ofDays(2)).toEpochMilli(), MORNING.toEpochMilli());

        List<Standing> walked = all(world, kind, lastTwoDays, MORNING);

        assertThat(walked)
                .containsExactlyInAnyOrderElementsOf(all(world, kind, Span.ALWAYS, MORNING).stream()
                        .filter(standing -> lastTwoDays.contains(standing.updated()))
                        .toList());
    }

    @Test
    void walk_resumedAtAnyPosition_goesOnWithoutGapOrRepetition() {
        long now = MORNING.toEpochMilli();
        List<Standing> whole = all(world, Kind.ORGANIZATION, Span.ALWAYS, MORNING);
        Position at = Position.START;

        for (Standing expected : whole) {
            Steps steps = world.walk(Kind.ORGANIZATION, Span.ALWAYS, now, at);
            assertThat(steps.next()).isEqualTo(expected);
            at = steps.position();
        }
        assertThat(world.walk(Kind.ORGANIZATION, Span.ALWAYS, now, at).next()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void world_sameSeed_livesTheSameLife(Kind kind) {
        World other = new World(42, 300, LIVELY, BEGIN, Duration.ZERO);

        assertThat(contents(other, kind, MORNING)).isEqualTo(contents(world, kind, MORNING));
        assertThat(contents(new World(43, 300, LIVELY, BEGIN, Duration.ZERO), kind, MORNING))
                .isNotEqualTo(contents(world, kind, MORNING));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void deltas_appliedDayByDay_leadToTheStateOfEachDay(Kind kind) {
        Map<String, RawBsonDocument> copy = new HashMap<>(contents(world, kind, MORNING));
        Instant before = MORNING;
        for (int day = 1; day <= 10; day++) {
            Instant now = MORNING.plus(Duration.ofDays(day));
            for (Standing changed : all(world, kind, new Span(before.toEpochMilli(), now.toEpochMilli() + 1), now)) {
                copy.put(world.id(changed), world.resource(changed));
            }
            Map<String, RawBsonDocument> upstream = contents(world, kind, now);
            // What is gone leaves no trace in a delta: expired stubs and old ids.
            copy.keySet().retainAll(upstream.keySet());
            assertThat(copy).isEqualTo(upstream);
            before = now;
        }
    }

    @Test
    void life_ofAMonth_hasEverythingThatHappens() {
        List<Standing> walked = all(world, Kind.PRACTITIONER_ROLE, Span.ALWAYS, MORNING);

        assertThat(walked).anyMatch(standing -> standing.revision() > 0);
        assertThat(walked).anyMatch(standing -> !standing.active());
        assertThat(walked).anyMatch(standing -> standing.generation() > 0);
        assertThat(walked).anyMatch(standing -> standing.version() > 1 && standing.content() != standing.load());
        assertThat(all(world, Kind.PRACTITIONER, Span.ALWAYS, MORNING).size())
                .isGreaterThan(all(
                                world,
                                Kind.PRACTITIONER,
                                Span.ALWAYS,
                                BEGIN.atStartOfDay().toInstant(ZoneOffset.UTC))
                        .size());
    }

    @Test
    void bump_asAnEvent_changesNothingButVersionAndInstant() {
        Map<String, RawBsonDocument> before = contents(world, Kind.ORGANIZATION, MORNING);

        Instant after = world.happen(List.of(Kind.ORGANIZATION), Event.BUMP, 1, MORNING);

        Map<String, RawBsonDocument> bumped = contents(world, Kind.ORGANIZATION, after);
        assertThat(bumped.keySet()).isEqualTo(before.keySet());
        bumped.forEach((id, resource) -> {
            BsonDocument old = Objects.requireNonNull(before.get(id));
            assertThat(withoutMeta(resource)).isEqualTo(withoutMeta(old));
            if (old.getBoolean("active").getValue()) {
                assertThat(updated(resource)).isNotEqualTo(updated(old));
            }
        });
    }

    @Test
    void change_asAnEvent_changesContentOfThatShareAndKeepsIds() {
        World quiet = new World(1, 1000, 0, BEGIN, Duration.ZERO);
        Map<String, RawBsonDocument> before = contents(quiet, Kind.PRACTITIONER, MORNING);

        Instant after = quiet.happen(List.of(Kind.PRACTITIONER), Event.CHANGE, 0.25, MORNING);

        Map<String, RawBsonDocument> changed = contents(quiet, Kind.PRACTITIONER, after);
        assertThat(changed.keySet()).isEqualTo(before.keySet());
        assertThat(before.keySet().stream().filter(id -> !Objects.equals(before.get(id), changed.get(id))))
                .hasSizeBetween(235, 250);
    }

    @Test
    void deactivate_thirtyDaysLater_leavesNothing() {
        World quiet = new World(1, 1000, 0, BEGIN, Duration.ZERO);
        long there = quiet.count(Kind.DEVICE, Span.ALWAYS, MORNING.toEpochMilli());

        Instant after = quiet.happen(List.of(Kind.DEVICE), Event.DEACTIVATE, 0.5, MORNING);

        assertThat(all(quiet, Kind.DEVICE, Span.ALWAYS, after))
                .filteredOn(standing -> !standing.active())
                .hasSize(5);
        Instant month = after.plus(Duration.ofDays(30));
        assertThat(quiet.count(Kind.DEVICE, Span.ALWAYS, month.minusSeconds(1).toEpochMilli()))
                .isEqualTo(there);
        assertThat(quiet.count(Kind.DEVICE, Span.ALWAYS, month.toEpochMilli())).isEqualTo(there - 5);
    }

    @Test
    void vanish_aFifth_isGoneAtOnce() {
        World quiet = new World(1, 1000, 0, BEGIN, Duration.ZERO);
        long there = quiet.count(Kind.HEALTHCARE_SERVICE, Span.ALWAYS, MORNING.toEpochMilli());

        Instant after = quiet.happen(List.of(Kind.HEALTHCARE_SERVICE), Event.VANISH, 0.2, MORNING);

        assertThat(quiet.count(Kind.HEALTHCARE_SERVICE, Span.ALWAYS, after.toEpochMilli()))
                .isEqualTo(there - 10);
    }

    @Test
    void reload_withNewIds_givesNewIdsThatReferToEachOther() {
        Set<String> before = contents(world, Kind.PRACTITIONER, MORNING).keySet();

        Instant after = world.happen(List.of(Kind.values()), Event.RELOAD_RENUMBERED, 1, MORNING);

        Set<String> practitioners = contents(world, Kind.PRACTITIONER, after).keySet();
        assertThat(practitioners).doesNotContainAnyElementsOf(before);
        Map<String, RawBsonDocument> roles = contents(world, Kind.PRACTITIONER_ROLE, after);
        assertThat(roles.values()).allMatch(role -> role.getBoolean("active").getValue());
        long resolved = roles.values().stream()
                .filter(role -> practitioners.contains(role.getDocument("practitioner")
                        .getString("reference")
                        .getValue()
                        .substring(13)))
                .count();
        assertThat(resolved).isGreaterThan(roles.size() * 3L / 4);
    }

    @Test
    void references_afterAMonth_resolveButForFew() {
        World real = new World(5, 2000, 1, BEGIN, Duration.ZERO);
        Set<String> organizations = contents(real, Kind.ORGANIZATION, MORNING).keySet();
        Set<String> practitioners = contents(real, Kind.PRACTITIONER, MORNING).keySet();

        List<RawBsonDocument> roles =
                List.copyOf(contents(real, Kind.PRACTITIONER_ROLE, MORNING).values());

        assertThat(roles.stream()
                        .filter(role -> role.containsKey("organization"))
                        .filter(role -> !organizations.contains(role.getDocument("organization")
                                .getString("reference")
                                .getValue()
                                .substring(13))))
                .hasSizeLessThan(roles.size() / 50);
        assertThat(roles.stream()
                        .filter(role -> !practitioners.contains(role.getDocument("practitioner")
                                .getString("reference")
                                .getValue()
                                .substring(13))))
                .hasSizeLessThan(roles.size() / 100);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void find_currentIds_givesTheirResources(Kind kind) {
        long now = MORNING.toEpochMilli();
        for (Standing standing : all(world, kind, Span.ALWAYS, MORNING)) {
            assertThat(world.find(kind, world.id(standing), now)).contains(standing);
        }
        assertThat(Stream.of("", "003", "003-1-2", "001-01-x", "005-99999999999999-1", "002-3000000-0"))
                .allMatch(id -> world.find(kind, id, now).isEmpty());
    }

    @Test
    void world_aYearAtTenMillion_isFollowedWithoutATable() {
        World large = new World(3, 3_215_000, 1, LocalDate.of(2026, 1, 1), Duration.ZERO);
        long now = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();

        long lastDay = large.count(Kind.PRACTITIONER_ROLE, new Span(now - 86_400_000L, Long.MAX_VALUE), now);

        assertThat(lastDay).isBetween(19_000L, 250_000L);
        assertThat(large.standing(Kind.PRACTITIONER_ROLE, 3_000_000, now).exists())
                .isTrue();
    }

    @Test
    void lateness_duringALoad_hidesSomeThatCarryEarlierInstants() {
        World late = new World(42, 1000, LIVELY, BEGIN, Duration.ofMinutes(5));
        long duringTheLoad = Instant.parse("2026-11-30T03:00:00Z").toEpochMilli();
        Span before = new Span(duringTheLoad - 300_000, duringTheLoad);

        long seen = late.count(Kind.PRACTITIONER_ROLE, before, duringTheLoad);

        assertThat(late.count(Kind.PRACTITIONER_ROLE, before, duringTheLoad + 300_000))
                .isGreaterThan(seen);
        assertThat(world.count(Kind.PRACTITIONER_ROLE, before, duringTheLoad))
                .isEqualTo(world.count(Kind.PRACTITIONER_ROLE, before, duringTheLoad + 300_000));
    }

    @Test
    void life_beforeTheFirstLoadIsOver_isRefused() {
        assertThatThrownBy(() -> new World(1, 100, 1, LocalDate.of(2025, 6, 1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2025-06-01")
                .hasMessageContaining("2025-12-27");
    }

    private static List<Standing> all(World world, Kind kind, Span span, Instant at) {
        Steps steps = world.walk(kind, span, at.toEpochMilli(), Position.START);
        return Stream.generate(() -> Optional.ofNullable(steps.next()))
                .takeWhile(Optional::isPresent)
                .map(Optional::orElseThrow)
                .toList();
    }

    private static Set<Standing> standing(World world, Kind kind, Instant at) {
        Set<Standing> standing = new HashSet<>();
        for (long i = 0; i < world.directory().size(kind); i++) {
            Standing one = world.standing(kind, i, at.toEpochMilli());
            if (one.exists()) {
                standing.add(one);
            }
        }
        return standing;
    }

    private static Map<String, RawBsonDocument> contents(World world, Kind kind, Instant at) {
        Map<String, RawBsonDocument> contents = new HashMap<>();
        world.resources(kind, at.toEpochMilli())
                .forEach(resource -> assertThat(
                                contents.put(resource.getString("id").getValue(), resource))
                        .isNull());
        return contents;
    }

    private static BsonDocument withoutMeta(BsonDocument resource) {
        BsonDocument copy = resource.clone();
        BsonDocument decoded = BsonDocument.parse(copy.toJson());
        decoded.getDocument("meta").remove("lastUpdated");
        decoded.getDocument("meta").remove("versionId");
        return decoded;
    }

    private static String updated(BsonDocument resource) {
        return resource.getDocument("meta").getString("lastUpdated").getValue();
    }
}
