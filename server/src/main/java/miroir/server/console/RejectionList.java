package miroir.server.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/**
 * What a run could not take, some of it at a time: each has what came with it. What was refused for the same reason stands together, the most frequent reason first: ten
 * thousand records that lack the same thing are one thing to see to.
 *
 * @param rejected how much it could not take
 * @param kept how much of it is known, the first that came
 * @param page which of that is shown; the first is 1
 */
record RejectionList(String run, long rejected, int kept, int page, List<Reason> reasons) {
    static final String PAGE = "page";
    static final int SHOWN = 10;

    RejectionList {
        reasons = List.copyOf(reasons);
    }

    /**
     * One reason, and those of this page that have it.
     *
     * @param count how many of all that are kept have it
     */
    record Reason(String words, int count, List<Rejection> shown) {
        Reason {
            shown = List.copyOf(shown);
        }

        /** What it is called in the page, so that what is open stays so while others come. */
        String id() {
            return "reason-" + Integer.toHexString(words.hashCode());
        }
    }

    /** The first page. */
    static RejectionList of(Run run) {
        return of(run, 1);
    }

    /** The page that is asked for; an empty text is the first. */
    static RejectionList of(Run run, String page) {
        int last = Math.max(1, (run.rejections().size() + SHOWN - 1) / SHOWN);
        boolean isNumber = page.isEmpty() || page.matches("[1-9][0-9]{0,3}");
        int number = !isNumber ? 0 : page.isEmpty() ? 1 : Integer.parseInt(page);
        if (number < 1 || number > last) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PAGE + "=" + Refusal.shown(page) + " is not a page of what was rejected; allowed is 1 to " + last);
        }
        return of(run, number);
    }

    /** The same where the run has counted so many. */
    RejectionList counting(long number) {
        return new RejectionList(run, number, kept, page, reasons);
    }

    private static RejectionList of(Run run, int page) {
        List<Reason> shown = new ArrayList<>();
        int before = 0;
        for (List<Rejection> each : byReason(run.rejections())) {
            List<Rejection> some =
                    each.subList(within(each, first(page) - before), within(each, first(page) + SHOWN - before));
            if (!some.isEmpty()) {
                shown.add(new Reason(each.get(0).reason(), each.size(), some));
            }
            before += each.size();
        }
        return new RejectionList(
                run.id(), run.counts().rejected(), run.rejections().size(), page, shown);
    }

    private static int within(List<Rejection> all, int place) {
        return Math.max(0, Math.min(all.size(), place));
    }

    /** Where there are as many, what came first is first. */
    private static List<List<Rejection>> byReason(List<Rejection> all) {
        Map<String, List<Rejection>> byReason = new LinkedHashMap<>();
        all.forEach(each -> byReason.computeIfAbsent(each.reason(), any -> new ArrayList<>())
                .add(each));
        return byReason.values().stream()
                .sorted(Comparator.comparing((List<Rejection> each) -> -each.size()))
                .toList();
    }

    private static int first(int page) {
        return (page - 1) * SHOWN;
    }

    /** What it is called where it is asked for as it is now; null: somebody has gone on to another page of it, and stays there. */
    @Nullable
    String fragment() {
        return page == 1 ? "rejections:" + run : null;
    }

    /** What came, as people read it. */
    static String readable(Rejection each) {
        return IndentedJson.of(each.payload());
    }

    boolean isOnOnePage() {
        return kept <= SHOWN;
    }

    /** Whether there were more than are kept. */
    boolean isCut() {
        return rejected > kept;
    }

    /** Which of how many are shown. */
    String which(View view) {
        int shown = reasons.stream().mapToInt(each -> each.shown().size()).sum();
        return view.say(
                "run.some", view.number(first(page) + 1L), view.number(first(page) + (long) shown), view.number(kept));
    }

    /** Null on the first page. */
    @Nullable
    String previous() {
        return page == 1 ? null : path(page - 1);
    }

    /** Null on the last page. */
    @Nullable
    String next() {
        return page * SHOWN >= kept ? null : path(page + 1);
    }

    private String path(int number) {
        return "/admin/runs/" + run + "?" + PAGE + "=" + number + "#rejections";
    }
}
