package miroir.server.directory;

import java.util.List;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.value.FoldedText;

/** Who is reached by a secure mailbox: it is of the person, of a role, or of the place of a role. */
public record MailboxConditions(
        RoleLinks links, SearchParameter ofPerson, SearchParameter ofRole, SearchParameter ofPlace) {
    private static final int SHORTEST = 3;

    /** A mailbox that begins with this, or is in a domain where that begins with an at sign. */
    public Condition of(String typed) {
        String folded = FoldedText.fold(typed);
        if (folded.replace("@", "").length() < SHORTEST) {
            throw DirectoryQuestion.refused("mss has less than " + SHORTEST + " letters to look for");
        }
        return new Condition.Or(List.of(
                in(ofPerson, folded), links.hasRole(in(ofRole, folded)), links.worksAt(List.of(in(ofPlace, folded)))));
    }

    private static Condition in(SearchParameter parameter, String folded) {
        TextFields field = new TextFields(parameter);
        return folded.startsWith("@") ? field.has(folded) : field.begins(folded);
    }
}
