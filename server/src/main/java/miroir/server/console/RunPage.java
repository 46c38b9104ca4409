package miroir.server.console;

import java.util.List;
import miroir.index.Refusal;
import miroir.storage.sync.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * One run: what it did, what it said, and what it could not take, some of that at a time: each has what came with it.
 *
 * @param all what it could not take, as it was when the page was asked for
 * @param page which of it is shown; the first is 1
 */
record RunPage(View view, RunDetail detail, List<Rejection> all, int page) {
    static final String PAGE = "page";
    static final int SHOWN = 10;

    RunPage {
        all = List.copyOf(all);
    }

    /** The page that is asked for; an empty text is the first. */
    static RunPage of(View view, RunDetail detail, List<Rejection> all, String page) {
        int last = Math.max(1, (all.size() + SHOWN - 1) / SHOWN);
        boolean isNumber = page.isEmpty() || page.matches("[1-9][0-9]{0,3}");
        if (!isNumber || number(page) > last) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PAGE + "=" + Refusal.shown(page) + " is not a page of what was rejected; allowed is 1 to " + last);
        }
        return new RunPage(view, detail, all, number(page));
    }

    private static int number(String page) {
        return page.isEmpty() ? 1 : Integer.parseInt(page);
    }

    String name() {
        return detail.run().synchronisation();
    }

    String parent() {
        return "/admin/synchronisations/" + name().replace('/', '.');
    }

    List<Rejection> rejections() {
        return all.subList(first(), Math.min(all.size(), first() + SHOWN));
    }

    private int first() {
        return (page - 1) * SHOWN;
    }

    /** Which of how many are shown. */
    String which() {
        return view.say(
                "run.some",
                view.number(first() + 1L),
                view.number(first() + (long) rejections().size()),
                view.number(all.size()));
    }

    /** Null on the first page. */
    @Nullable
    String previous() {
        return page == 1 ? null : path(page - 1);
    }

    /** Null on the last page. */
    @Nullable
    String next() {
        return page * SHOWN >= all.size() ? null : path(page + 1);
    }

    private String path(int number) {
        return view.url(detail.row().path() + "?" + PAGE + "=" + number);
    }
}
