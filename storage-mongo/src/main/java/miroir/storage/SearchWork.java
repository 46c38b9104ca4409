package miroir.storage;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is done beside serving, so that more can be searched.
 *
 * @param pending how many search parameters cannot be searched yet
 * @param fieldsDone how many versions have their search fields anew, of the types that are worked on
 * @param fieldsMost how many there are at most of these; 0: nobody works on any
 * @param builds how many indexes, or groups of them, the database is building; not a number where it does not say, as to a user who may not ask
 * @param buildsDone how much of the phases that these are in is done, of {@code buildsAll}
 */
public record SearchWork(
        long pending, long fieldsDone, long fieldsMost, double builds, double buildsDone, double buildsAll) {
    static SearchWork of(
            Map<String, List<String>> pending, FieldsMarks.Progress fields, @Nullable List<IndexBuilds.Build> builds) {
        return new SearchWork(
                pending.values().stream().mapToLong(List::size).sum(),
                fields.done(),
                fields.most(),
                sum(builds, build -> 1),
                sum(builds, IndexBuilds.Build::done),
                sum(builds, IndexBuilds.Build::all));
    }

    private static double sum(@Nullable List<IndexBuilds.Build> builds, ToLongFunction<IndexBuilds.Build> of) {
        return builds == null ? Double.NaN : builds.stream().mapToLong(of).sum();
    }
}
