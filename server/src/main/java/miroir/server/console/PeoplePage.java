package miroir.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which people look for people.
 *
 * @param asked what was typed
 * @param found null: nobody was asked for, or that was refused
 */
record PeoplePage(View view, PeopleQuestion asked, @Nullable PeopleFound found) {
    List<String> fields() {
        return PeopleQuestion.FIELDS;
    }
}
