package miroir.index.store;

/**
 * What every {@link ResourceStore} promises, one interface for each kind of promise. A store's own test implements this and
 * opens the store, empty before each test, with {@link ContractFields} and the zone {@link ContractStore#ZONE}.
 */
public interface ResourceStoreContract
        extends PutContract,
                PutEachContract,
                CreateUnlessFoundContract,
                DeleteContract,
                HistoryContract,
                EraseContract,
                CheckContract,
                SelectContract,
                ConditionContract,
                LabelsContract,
                ReportsContract,
                ScopeContract {}
