package miroir.server.console;

import java.text.Collator;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import miroir.server.access.AdministratorRole;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/**
 * How a server is, and what it has; who looks is shown of it what he may know.
 *
 * @param detail what it waits for, which may name what only administrators know; null: nothing
 */
record HomeState(boolean isUp, @Nullable String detail, List<TypeState> types) {
    HomeState {
        types = List.copyOf(types);
    }

    static HomeState up(List<TypeState> types) {
        return new HomeState(true, null, types);
    }

    static HomeState starting(String detail) {
        return new HomeState(false, detail, List.of());
    }

    Badge badge() {
        return isUp ? Badge.UP : Badge.STARTING;
    }

    /** Whether who looks may know what it waits for. */
    static boolean isToldWhy(View view) {
        return view.exchange().administrator().isAtLeast(AdministratorRole.VIEWER);
    }

    /** How old a copy is everybody reads; how much there is of a type, and of which others there is something, whoever may search all of it. */
    List<TypeState> shownTo(View view) {
        Collator alphabet = Collator.getInstance(view.language().locale());
        return types.stream()
                .filter(each -> each.isCopied() || each.isSearchedBy(view))
                .sorted(Comparator.comparing((TypeState each) -> !each.isCopied())
                        .thenComparing(each -> each.label(view), alphabet))
                .toList();
    }

    /** How many copies are not as they should be, which is said above all of them. */
    long late() {
        return types.stream().filter(each -> each.isCopied() && each.isLate()).count();
    }

    /**
     * What there is of a type.
     *
     * @param count negative: that cannot be said at the moment
     * @param asOf as of when it was copied; null: it never was
     * @param isLate whether the copy is late, or in failure
     */
    record TypeState(
            String type,
            long count,
            boolean isCopied,
            @Nullable Instant asOf,
            boolean isLate) {
        boolean isSearchedBy(View view) {
            return view.exchange().seen().of(type).isAll();
        }

        /**
         * Where one reads them: who looks after the server on our page of that type, and anybody finds professionals on that of people. Of what has no page that everybody may see there is what
         * programs read.
         */
        String path(View view) {
            if (view.exchange().administrator().isAtLeast(AdministratorRole.VIEWER)) {
                return view.url(ResourcePages.PATH + "/" + type);
            }
            return type.equals("Practitioner") && view.hasPeople()
                    ? view.url(Router.PEOPLE)
                    : view.search(type, "_count=10");
        }

        /** What it is called. */
        String label(View view) {
            String key = "type." + type;
            return view.has(key) ? view.say(key) : type;
        }

        String count(View view) {
            return count < 0 || !isSearchedBy(view) ? "" : view.number(count);
        }

        /** Whether the copy is on time; null: it is no copy. Each that is {@link #late} is seen to be. */
        @Nullable
        Badge badge() {
            if (!isCopied) {
                return null;
            }
            if (asOf == null) {
                return isLate ? Badge.NEVER_COPIED_LATE : Badge.NEVER_COPIED;
            }
            return isLate ? Badge.LATE : Badge.FRESH;
        }
    }
}
