"""Version 4 of the tables on PostgreSQL: what `schema_4_two_people.py` says, in the words of this database."""

from __future__ import annotations

from vending_app.ledger.schema_4_two_people import ACT_KIND_ROWS, ESTIMATES

_FUNCTIONS = """
CREATE FUNCTION check_estimate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM vending.approvals AS given
        JOIN vending.operators ON name = approver AND is_active = 1
        JOIN vending.permissions ON permissions.role = operators.role AND permissions.act = given.act AND approves = 1
        WHERE given.journal = NEW.journal AND given.act = TG_ARGV[0] AND approver <> operator)
    THEN RAISE EXCEPTION 'an estimate is two people''s word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION check_estimate_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM vending.meter_changes WHERE journal = NEW.id AND how = 'estimate')
        OR EXISTS (SELECT 1 FROM vending.settlements WHERE journal = NEW.id AND how = 'estimate')
    THEN RAISE EXCEPTION 'an estimate is two people''s word' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_estimate BEFORE INSERT ON journal FOR EACH ROW
WHEN (NEW.approval IS NULL AND NEW.kind IN ('meter-change', 'settle')) EXECUTE FUNCTION check_estimate_page();

CREATE FUNCTION check_free_card() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told JSONB := NEW.body::jsonb;
    asked TEXT := told #>> '{sales,0,supply}';
    earliest TEXT := to_char((NEW.at::timestamptz AT TIME ZONE 'UTC') - interval '1 day', 'YYYY-MM-DD');
    latest TEXT := to_char((NEW.at::timestamptz AT TIME ZONE 'UTC') + interval '1 day', 'YYYY-MM-DD');
BEGIN
    IF told #>> '{intent,ends}' IS NULL OR coalesce((told #>> '{intent,fee_minor}')::bigint, 0) > 0
    THEN RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM vending.supplies JOIN vending.tariffs ON code = tariff WHERE number = asked)
        AND NOT EXISTS (
            SELECT 1 FROM vending.supplies JOIN vending.tariffs AS held ON code = tariff
            WHERE number = asked AND held.valid_from <= latest
                AND coalesce((held.body::jsonb ->> 'card_fee_minor')::bigint, 0) <= 0
                AND NOT EXISTS (SELECT 1 FROM vending.tariffs AS later WHERE later.code = held.code
                    AND later.valid_from > held.valid_from AND later.valid_from <= earliest))
    THEN RAISE EXCEPTION 'a card without its fee is given by two people'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_free_card BEFORE INSERT ON journal FOR EACH ROW
WHEN (NEW.kind = 'reserve' AND position('"ends":' IN NEW.body) > 0
    AND NOT (NEW.act IS NOT DISTINCT FROM 'waive-fee' AND NEW.approval IS NOT NULL))
EXECUTE FUNCTION check_free_card();
"""


def _of_row(table: str, act: str) -> str:
    return f"""
CREATE TRIGGER {table}_estimate BEFORE INSERT ON {table} FOR EACH ROW
WHEN (NEW.how = 'estimate') EXECUTE FUNCTION check_estimate('{act}');
"""


TWO_PEOPLE_4 = ACT_KIND_ROWS + _FUNCTIONS + "".join(_of_row(table, act) for table, act in ESTIMATES.items())
