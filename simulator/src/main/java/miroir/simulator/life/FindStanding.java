package miroir.simulator.life;

import java.util.List;
import miroir.simulator.Kind;
import org.jspecify.annotations.Nullable;

/** Follows one resource through the loads up to an instant. */
final class FindStanding {
    /** Stubs are kept for so long. */
    private static final long STUB_MILLIS = 30L * 86_400_000;

    private final Kind kind;
    private final long number;
    private final long now;
    private boolean there;
    private boolean active;
    private int generation;
    private int version;
    private int revision;
    private int content;
    private int load;
    private long place;
    private long updated;

    private FindStanding(Kind kind, long number, long now) {
        this.kind = kind;
        this.number = number;
        this.now = now;
    }

    static Standing at(List<Load> loads, Births births, Kind kind, long number, long now) {
        FindStanding find = new FindStanding(kind, number, now);
        find.follow(loads, births.nightOf(kind, number));
        return find.standing();
    }

    private void follow(List<Load> loads, long birth) {
        boolean born = false;
        for (int i = 0; i < loads.size(); i++) {
            Load next = loads.get(i);
            Batch batch = next.of(kind);
            if (next.begin() > now) {
                return;
            }
            if (batch == null) {
                continue;
            }
            if (born) {
                apply(i, batch);
                if (!there) {
                    return;
                }
            } else if (i == 0 ? birth < 0 : next.night() >= 0 && next.night() == birth) {
                born = true;
                begin(i, batch, i == 0 ? batch.placeOf(number) : batch.birthPlaceOf(number));
            }
        }
    }

    private void begin(int index, Batch batch, long at) {
        if (batch.visibleFrom(at) <= now) {
            there = true;
            active = true;
            content = index;
            touch(index, batch, at, 1);
        }
    }

    private void apply(int index, Batch batch) {
        long at = batch.placeOf(number);
        if (at < 0 || batch.visibleFrom(at) > now) {
            return;
        }
        if (isExpired(batch.millis(at))) {
            there = false;
            return;
        }
        happen(batch.eventAt(at), index, batch, at);
    }

    private void happen(@Nullable Event event, int index, Batch batch, long at) {
        if (event == null) {
            return;
        }
        switch (event) {
            case CHANGE -> {
                active = true;
                revision = index;
                rewrite(index, batch, at, version + 1);
            }
            case BUMP -> {
                if (active) {
                    touch(index, batch, at, version + 1);
                }
            }
            case DEACTIVATE -> {
                if (active) {
                    active = false;
                    rewrite(index, batch, at, version + 1);
                }
            }
            case RENUMBER -> {
                if (active) {
                    generation++;
                    rewrite(index, batch, at, 1);
                }
            }
            case VANISH -> there = false;
            case RELOAD -> {
                there = active;
                touch(index, batch, at, 1);
            }
            case RELOAD_RENUMBERED -> {
                there = active;
                generation++;
                rewrite(index, batch, at, 1);
            }
        }
    }

    private void rewrite(int index, Batch batch, long at, int newVersion) {
        content = index;
        touch(index, batch, at, newVersion);
    }

    private void touch(int index, Batch batch, long at, int newVersion) {
        version = newVersion;
        load = index;
        place = at;
        updated = batch.millis(at);
    }

    private boolean isExpired(long instant) {
        return !active && instant - updated > STUB_MILLIS;
    }

    private Standing standing() {
        return new Standing(
                kind,
                number,
                there && !isExpired(now),
                active,
                generation,
                version,
                revision,
                content,
                load,
                place,
                updated);
    }
}
