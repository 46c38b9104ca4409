package miroir.storage;

import java.util.List;
import java.util.Map;

/**
 * What is done beside serving, so that more can be searched.
 *
 * @param pending how many search parameters cannot be searched yet
 * @param fieldsDone how many versions have their search fields anew, of the types that are worked on
 * @param fieldsMost how many there are at most of these; 0: nobody works on any
 * @param builds how many indexes, or groups of them, the database is building
 * @param buildsDone how much of the phases that these are in is done, of {@code buildsAll}
 */
public record SearchWork(long pending, long fieldsDone, long fieldsMost, long builds, long buildsDone, long buildsAll) {
    static SearchWork of(
            Map<String, List<String>> pending, FieldsMarks.Progress fields, List<IndexBuilds.Build> builds) {
        return new SearchWork(
                pending.values().stream().mapToLong(List::size).sum(),
                fields.done(),
                fields.most(),
                builds.size(),
                builds.stream().mapToLong(IndexBuilds.Build::done).sum(),
                builds.stream().mapToLong(IndexBuilds.Build::all).sum());
    }
}
