"""Every refusal we can give: what happened, what is safe, what to do. Codes travel; sentences are for people."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Problem:
    sentence: str | Promise
    safe: str | Promise = ""
    do: str | Promise = ""


class Refused(Exception):
    """A verb's refusal. `code` is a key of PROBLEMS; `params` fill the braces of its sentences."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return sentence(self.code, **self.params)


PROBLEMS: dict[str, Problem] = {}


def add(problems: dict[str, Problem]) -> None:
    """For agreements: its codes stand in its own problems.py."""
    PROBLEMS.update(problems)


def sentence(code: str, **params) -> str:
    """One line for a person in the language now active: what happened, what is safe, what to do."""
    problem = PROBLEMS[code]
    parts = (str(problem.sentence), str(problem.safe), str(problem.do))
    space = "" if (get_language() or "").startswith("zh") else " "
    return space.join(part.format(**params) for part in parts if part)


# --- people
add(
    {
        "sign_in": Problem(_("You are not signed in."), _("Nothing is lost."), _("Sign in to go on.")),
        "sign_in.refused": Problem(
            _("Name, password and code do not fit together."),
            "",
            _("Check all three. A code works once; after several attempts wait a minute."),
        ),
        "sign_in.locked": Problem(
            _("Too many wrong attempts with this user name from here."),
            _("What you have saved is safe."),
            _("Try again after {at}, or ask an administrator to unlock it."),
        ),
        "step_up.refused": Problem(
            _("This code does not fit."), _("Nothing was done yet."), _("Wait for the next code and type that.")
        ),
        "session.ended": Problem(_("It had ended already.")),
        "sign_in.wait": Problem(_("Too many attempts."), "", _("Wait a minute, then try again.")),
        "not_found": Problem(_("This page is not there, or not for you.")),
        "forbidden": Problem(_("This is not part of your work."), "", _("Ask your supervisor if you need it.")),
    }
)

# --- accounts
add(
    {
        "account.team": Problem(
            _("Collectors and supervisors are found through their team."), "", _("Choose a team first.")
        ),
        "account.name_taken": Problem(_("{username} is somebody already."), "", _("Choose another user name.")),
        "account.group_taken": Problem(_("{name} is there already."), _("Nothing was changed."), ""),
        "account.last": Problem(
            _("There would be no administrator left who can sign in."),
            _("Nothing was changed."),
            _("Make another person administrator first, and wait until the link was used."),
        ),
        "account.inactive": Problem(_("{name} is deactivated."), "", _("Reactivate the account first.")),
        "account.active": Problem(_("{name} is active already.")),
        "account.not_locked": Problem(_("Nothing is locked for {name}.")),
        "account.link": Problem(
            _("It was used already, is too old, or a newer one has replaced it."),
            "",
            _("Ask an administrator for a new link."),
        ),
        "account.code": Problem(
            _("This is not the code that your app shows for this square."),
            _("Nothing was changed."),
            _("Wait for the next code and type that."),
        ),
    }
)

# --- views of the list of cases
add(
    {
        "view.name": Problem(_("A view needs a name of at most 40 characters."), "", _("Type one.")),
        "view.empty": Problem(_("There is no search to keep."), "", _("Search or filter first, then keep it.")),
        "view.full": Problem(_("You have {most} views already."), _("None was lost."), _("Forget one first.")),
        "view.gone": Problem(_("There is no view of this name.")),
    }
)

# --- what secures a debt, and court
add(
    {
        "security.form": Problem(
            _("A value needs who valued it and on which day."),
            _("Nothing was saved; what you typed stands in the form."),
            _("Fill in both, or leave the value out."),
        ),
        "security.replaced": Problem(
            _("Somebody else has changed this meanwhile."), _("Nothing was saved."), _("Look at the case again.")
        ),
        "court.to": Problem(
            _("It does not say who takes the case over."),
            _("Nothing was handed over; what you typed stands in the form."),
            _("Name the person or the firm."),
        ),
        "court.missing": Problem(
            _("{n} papers are missing, and it does not say why the case goes all the same."),
            _("Nothing was handed over; what you typed stands in the form."),
            _("Tick what you have, or give the reason."),
        ),
    }
)

# --- giving out, and days away
add(
    {
        "assign.full": Problem(
            _("{name} has {has} open cases; more than {most} are not given to one person."),
            _("Nothing was changed."),
            _("Choose somebody else, or share them out."),
        ),
        "assign.full_team": Problem(
            _("So many cases have no room: nobody gets more than {most}."), _("Nothing was changed."), _("Give fewer.")
        ),
        "assign.nobody": Problem(_("Nobody of the team is there that day."), _("Nothing was changed."), ""),
        "absence.away": Problem(_("{name} is away on {on}."), _("Nothing was changed."), _("Choose another day.")),
        "absence.days": Problem(_("These days are over, or the last lies before the first."), "", _("Look again.")),
        "absence.there": Problem(_("{name} is away on some of these days already.")),
        "absence.gone": Problem(_("This absence was withdrawn already.")),
        "absence.nobody": Problem(_("There is no visit to hand over, or nobody of the team is there.")),
        "absence.none_handed": Problem(_("No case of {name} is with a colleague.")),
    }
)

# --- lessons
add(
    {
        "lesson.unfinished": Problem(
            _("This case is not finished, so nobody knows yet how it went."),
            "",
            _("Draw the lesson once it is closed or a visit of it was approved."),
        ),
        "lesson.form": Problem(
            _("Title, story and lesson are not all there, or too long."),
            _("What you wrote stands in the form."),
            _("Fill in what is missing."),
        ),
        "lesson.read": Problem(
            _("Nobody has confirmed that no one can be recognised."),
            _("Nothing was saved; the text stands in the form."),
            _("Read it once more and tick the line."),
        ),
    }
)

# --- cases
add(
    {
        "assign.not_a_collector": Problem(
            _("{name} is not a collector."), _("Nothing was changed."), _("Choose a collector.")
        ),
    }
)

# --- pauses
add(
    {
        "letter.form": Problem(
            _("The letter is not complete: choose what it is; what you type has at most 1,000 characters."),
            _("Nothing was written."), _("Complete it and try again."),
        ),
        "letter.lacks": Problem(
            _("This letter needs {what}."), _("Nothing was written."), _("Add it first, then write the letter.")
        ),
        "letter.words": Problem(
            _("A debtor may read this as a threat or as untrue: {words}."), _("Nothing was written."),
            _("Say it otherwise; or tick that you have looked at it and it must stand."),
        ),
        "letter.character": Problem(
            _("No typeface draws the character {character}."), _("Nothing was written."), _("Spell it otherwise.")
        ),
        "letter.delivery": Problem(
            _("It does not say how and when it was delivered, and by what that can be shown."),
            _("Nothing was written down."), _("Give the day, and the number of the item, who took it, or a photo."),
        ),
        "letter.proof": Problem(
            _("This is no photo (JPEG, PNG) or PDF of at most 8 MB."), _("Nothing was written down."),
            _("Choose another file."),
        ),
        "day.mode": Problem(
            _("This way of going about is not known."), _("Nothing was changed."), _("Choose one of the list.")
        ),
        "day.begun": Problem(
            _("This visit has been begun, or is no longer planned."), _("Nothing was changed."),
            _("Load the page again and look.")
        ),
        "day.wish": Problem(
            _("The hours are not complete, or end before they begin."), _("Nothing was changed."),
            _("Give both hours, or none.")
        ),
        "visit.paused": Problem(
            _("Nobody may go there now: {contracts}. {why}"),
            _("Nothing was changed."),
            _("Take these cases out of the list, or end the pause first."),
        ),
        "hold.text": Problem(_("A pause needs a reason."), _("Nothing was changed."), _("Write why, then pause it.")),
        "hold.form": Problem(
            _("A pause needs a kind, a reason, and a last day that is not over, or none."), _("Nothing was changed."),
            _("Look at the three again, then pause it."),
        ),
        "hold.why": Problem(
            _("A pause ends only with a reason."), _("The case stays paused."), _("Write why the work goes on.")
        ),
        "hold.supervisor": Problem(
            _("A visit was stopped at the door: only a supervisor may end this pause."), _("The case stays paused."),
            _("Ask the supervisor of the team."),
        ),
        "safety.text": Problem(_("Write what was done."), _("It still stands here."), _("A few words will do.")),
        "safety.over": Problem(_("This is over already."), _("Nothing was changed.")),
        "hold.own": Problem(
            _("You were at this door yourself."), _("The case stays paused."), _("Another supervisor decides.")
        ),
    }
)

# --- import
add(
    {
        "demo.off": Problem(
            _("The demo's cases come only into a demo."),
            _("Nothing was changed."),
            _("Start with DEMO=1, or import a file."),
        ),
        "import.profile": Problem(_("There is no profile {name}."), "", _("These are there: {names}.")),
        "import.no_file": Problem(_("{name} cannot be read: it is not there, or no file."), _("Nothing was changed.")),
        "import.refused_file": Problem(
            _("The refused rows cannot be written to {name}."), _("Nothing was changed."), _("Choose another file.")
        ),
        "import.empty": Problem(_("This file is empty."), _("Nothing was changed.")),
        "import.too_big": Problem(
            _("This file has {size} MB; at most {most} MB are read."),
            _("Nothing was changed."),
            _("Split it into several files."),
        ),
        "import.too_big_inside": Problem(
            _("This workbook unpacks to {size} MB; at most {most} MB are read."),
            _("Nothing was changed."),
            _("Save the table alone, without pictures and other sheets, or as CSV."),
        ),
        "import.old_excel": Problem(
            _("This is a workbook of the old kind (.xls), or one with a password."),
            _("Nothing was changed."),
            _("Open it in Excel and save it as .xlsx without a password, or as CSV."),
        ),
        "import.no_table": Problem(
            _("This file is no table: neither CSV in UTF-8, UTF-16 or GB18030, nor an .xlsx workbook."),
            _("Nothing was changed."),
            _("Ask the creditor for one of these."),
        ),
        "import.broken_workbook": Problem(
            _("This workbook is damaged and cannot be read to its end."),
            _("Nothing was changed."),
            _("Open it in Excel and save it again, or ask for it once more."),
        ),
        "import.quote": Problem(
            _("Row {row}: a quotation mark is opened and not closed, or a cell is far too long."),
            _("Nothing was changed."),
            _("Correct the quotation marks of this row and import the file again."),
        ),
        "import.head": Problem(
            _("None of the first {rows} rows has the column heads of the profile {profile}."),
            _("Nothing was changed."),
            _("Check that file and profile belong together."),
        ),
        "import.columns": Problem(
            _("These columns are missing: {columns}. The profile {profile} needs them."), _("Nothing was changed.")
        ),
        "import.column_twice": Problem(
            _("The column {column} is there twice."), _("Nothing was changed."), _("Take one of them out.")
        ),
        "import.sheets": Problem(
            _("Several sheets have these columns: {sheets}."),
            _("Nothing was changed."),
            _("Save each as a file of its own."),
        ),
        "import.no_rows": Problem(_("There is a head but no row below it."), _("Nothing was changed.")),
        "import.as_of_to_come": Problem(
            _("The figures are of {as_of}, and that day has not come."),
            _("Nothing was changed."),
            _("Say the right day with --as-of."),
        ),
        "import.job_over": Problem(_("This file is taken in already."), "", _("Send the corrected file as a new one.")),
        "import.job_busy": Problem(_("The file is being read at this moment."), "", _("Wait until it is done.")),
        "import.job_failed": Problem(
            _("The file could not be read to its end."),
            _("Rows that were taken in before are in the case records; sending it again changes nothing in them."),
            _("Try again; if it fails again, tell the administrator of this server."),
        ),
        "import.form": Problem(_("Choose a file and what it is."), _("Nothing was changed.")),
        "import.profile_name": Problem(
            _("A profile's name has small letters, digits and hyphens only."), _("Nothing was changed.")
        ),
        "import.undo_payments": Problem(
            _("Payments are taken back one by one, in their cases."), _("Nothing was changed.")
        ),
        "import.undone": Problem(_("This import was taken back already.")),
        "import.undo_not_last": Problem(
            _("Only the last import can be taken back; a later one stands on this one."), _("Nothing was changed.")
        ),
        "import.undo_built": Problem(
            _("In {n} of its cases something has happened since, for example in {contract}."),
            _("Nothing was changed."),
            _("Send a corrected file: its figures replace these."),
        ),
        "import.missing": Problem(_("Nothing is written here.")),
        "import.cells": Problem(_("The row has more cells than the head; a comma may lack its quotation marks.")),
        "import.too_long": Problem(_("The text is longer than {most} characters.")),
        "import.error_value": Problem(_("The cell holds an error of the spreadsheet.")),
        "import.digits_lost": Problem(_("The spreadsheet made a number of it and lost digits; store it as text.")),
        "import.number": Problem(_("This is no number.")),
        "import.negative": Problem(_("The figure is below zero.")),
        "import.too_large": Problem(_("The figure is too large to be true.")),
        "import.places": Problem(_("A sum has at most two decimal places.")),
        "import.rate_places": Problem(_("A rate in per cent has at most four decimal places.")),
        "import.whole": Problem(_("This must be a whole number.")),
        "import.date": Problem(_("This is no date by year, month and day.")),
        "import.no_such_day": Problem(_("The calendar has no such day.")),
        "import.day_to_come": Problem(_("This day has not come yet.")),
        "import.coordinates": Problem(_("There is no such place on earth.")),
        "import.mobile": Problem(_("This is no telephone number.")),
        "import.identity.length": Problem(_("An identity number has 18 places.")),
        "import.identity.characters": Problem(_("An identity number has 17 digits, then a digit or X.")),
        "import.identity.check_digit": Problem(_("The check digit of the identity number does not fit.")),
        "import.identity.birth_date": Problem(_("The identity number holds a birth date that the calendar has not.")),
        "import.identity.age": Problem(
            _("By the identity number this person is not born yet, or older than anybody can be.")
        ),
        "import.contradicts": Problem(_("Row {row} gives this contract number to another person.")),
        "import.differs": Problem(_("Row {row} says something else of the same contract.")),
        "import.other_person": Problem(_("The case with this contract number belongs to another person.")),
        "import.older": Problem(_("These figures are of {as_of}; newer ones, of {known}, are here already.")),
    }
)

# --- review
add(
    {
        "review.not_ended": Problem(
            _("This visit has not ended yet."), _("Nothing was changed."), _("Decide when its end has arrived.")
        ),
        "review.incomplete": Problem(
            _("This visit is not complete."),
            _("What has arrived is safe."),
            _("Wait for the rest, or send it back with a sentence."),
        ),
        "review.sentence": Problem(
            _("A visit goes back only with a sentence."), "", _("Say what the collector should do.")
        ),
        "review.claimed": Problem(
            _("{name} has this visit open until {until}."), _("Nothing was decided."), _("Take another one meanwhile.")
        ),
        "review.undo_late": Problem(
            _("A decision can be taken back for {seconds} seconds, by whoever made it."),
            _("It stands, and the phone may know it."),
            _("What must be put right goes to the collector as a new sentence, or into the case."),
        ),
        "review.not_plain": Problem(_("Something of this visit must be looked at."), _("Nothing was decided.")),
        "review.own": Problem(
            _("You took part in this visit."), _("Nothing was changed."), _("Somebody else must review it.")
        ),
        "review.decided": Problem(
            _("{name} has already decided: {decision}."), _("Nothing was changed."), _("Go on to the next visit.")
        ),
    }
)

# --- sync: what phones send. First what an event may be refused or held for, then marks for the office, then requests.
_KEPT = _("The phone keeps it.")
_STORED = _("It is stored.")
_REPORT = _("Show this to your supervisor.")
add(
    {
        "event.item": Problem(_("This is not an entry of a visit."), _KEPT, _REPORT),
        "event.envelope": Problem(_("The entry cannot be opened: it was altered on its way."), _KEPT, _REPORT),
        "event.key": Problem(_("The entry was sealed for another server."), _KEPT, _REPORT),
        "event.signature": Problem(_("The entry was not signed by this phone."), _KEPT, _REPORT),
        "event.json": Problem(_("The entry cannot be read."), _KEPT, _REPORT),
        "event.form": Problem(_("The entry is not filled in as expected ({where})."), _KEPT, _REPORT),
        "event.type": Problem(
            _("The server does not know this kind of entry yet ({type})."), _KEPT, _("Send it again after the update.")
        ),
        "event.device": Problem(_("The entry belongs to another phone."), _KEPT, _REPORT),
        "busy": Problem(_("The server is busy."), _KEPT, _("It will be sent again by itself.")),
        "failed": Problem(_("The server made a mistake."), _KEPT, _("It will be sent again by itself.")),
        "waiting": Problem(
            _("An earlier entry has not arrived yet."), _STORED, _("It goes on when the other is here.")
        ),
        "being_checked": Problem(_("The office checks this entry first."), _STORED, _("There is nothing to do.")),
        "same_id_other_bytes": Problem(
            _("Another entry with this number is already here."), _("Both are stored."), _("The office looks at it.")
        ),
        "case_closed": Problem(_("The case was closed meanwhile."), _STORED, _("Your supervisor decides.")),
        "after_reassignment": Problem(
            _("The case was given to another collector meanwhile."), _STORED, _("Your supervisor decides.")
        ),
        "visit_closed": Problem(
            _("The office had approved this visit before."), _STORED, _("Your supervisor decides.")
        ),
        "case_paused": Problem(_("Work on the case was paused meanwhile."), _STORED, _("Your supervisor decides.")),
        "contact.changed_meanwhile": Problem(
            _("Somebody else has changed this meanwhile."), _("Both versions are kept."), _("A person compares them.")
        ),
        "contact.nobody": Problem(_("This person is not in the case."), _STORED, _("Your supervisor decides.")),
        "contact.form": Problem(_("The new value is empty or too long."), _("Nothing was changed.")),
        "contact.log_form": Problem(
            _("It does not say how he was reached, when, or what came of it."), _("Nothing was written down."),
            _("Fill in all three; the note has at most 1,000 characters."),
        ),
        "contact.unlawful": Problem(
            _("The rules were against it at that time: {why}"), _("Nothing was written down."),
            _("If it was done all the same, write in the note how it came to it."),
        ),
        "contact.to_come": Problem(
            _("This time has not come yet."), _("Nothing was written down."), _("Give the time at which it was.")
        ),
        "promise.past": Problem(_("The day of the promise was over already."), _STORED, _("Your supervisor decides.")),
        "promise.above_debt": Problem(
            _("The promise is larger than what is owed now."), _STORED, _("Your supervisor compares the figures.")
        ),
        "status.asked": Problem(_("Your supervisor decides whether the case is closed or paused."), _STORED),
        "case.closed_already": Problem(_("The case is closed already."), _("Nothing was changed.")),
        "hold.released": Problem(_("This pause has ended already."), _("Nothing was changed.")),
        "kept": Problem(_("Kept as evidence while it is being decided.")),
        "carried": Problem(_("Delivered by another user.")),
        "clock_unknown": Problem(_("The phone did not know the server's time.")),
        "clock_wrong": Problem(_("The phone's clock was more than 10 minutes wrong.")),
        "clock_stale": Problem(_("The phone had not heard the server's time for a week.")),
        "clock_ahead": Problem(_("The time of capture lies in the future.")),
        "clock_behind": Problem(_("The time of capture lies before this phone was registered.")),
        "device_seq_twice": Problem(_("The phone gave the same number to two entries.")),
        "chain_broken": Problem(_("The entry does not follow the one before it on the phone.")),
        "started_twice": Problem(_("The visit was started twice.")),
        "order_is_newer": Problem(_("The order of the day was changed again meanwhile; the newer one stands.")),
        "put_off_begun": Problem(_("The visit that was put off had been begun, or is somebody else's.")),
        "plan.paused": Problem(_("Nobody may go there now.")),
        "ended_twice": Problem(_("The visit was ended twice.")),
        "companion_unknown": Problem(_("Somebody confirmed this visit who is not its second collector.")),
        "companion_code": Problem(_("The second collector's code is not that of this visit.")),
        "paper_misfits": Problem(_("The figures of a paper cannot be true together.")),
        "second_unknown": Problem(_("The second collector is not known.")),
        "photo.none": Problem(_("The photo's entry names no picture.")),
        "photo.not_a_picture": Problem(_("The file is not a picture."), _("It is kept as it came.")),
        "photo.broken": Problem(_("The picture is damaged."), _("It is kept as it came.")),
        "photo.too_large": Problem(_("The picture is too large to be opened."), _("It is kept as it came.")),
        "photo.kind": Problem(
            _("Pictures of this kind cannot be shown: only JPEG, PNG, WebP and HEIC can."), _("It is kept as it came.")
        ),
        "photo.moving": Problem(_("The picture moves, so it is no photo."), _("It is kept as it came.")),
        "photo.slow": Problem(_("The picture takes too long to open."), _("It is kept as it came.")),
        "recording.none": Problem(_("The recording's entry names no file.")),
        "recording.kind": Problem(_("The file is no sound recording."), _("It is kept as it came.")),
        "recording.sealed": Problem(_("A piece of the recording cannot be opened."), _("It is kept as it came.")),
        "recording.other": Problem(
            _("The recording is not the one that the entry names."), _("It is kept as it came.")
        ),
        "recorder_unknown": Problem(_("The recorder that it belongs to is not known.")),
        "recorder.one": Problem(_("Give the file, or its SHA-256, not both."), _("Nothing was changed.")),
        "recorder.sha256": Problem(
            _("A SHA-256 has 64 characters, 0-9 and a-f."), _("Nothing was changed."), _("Copy it from the program.")
        ),
        "recorder.empty": Problem(_("This file is empty."), _("Nothing was changed."), _("Choose another file.")),
        "recorder.too_big": Problem(
            _("The file is larger than {most} MB."),
            _("Nothing was changed."),
            _("Keep it on your own disk and give its SHA-256."),
        ),
        "blob.sealed": Problem(
            _("The file cannot be opened: it was altered on its way."), _("It is kept as it came.")
        ),
        "blob.other": Problem(_("The file is not the one that the entry names."), _("It is kept as it came.")),
        "blob.hash": Problem(_("The file changed on its way."), _KEPT, _("It is sent again from the start.")),
        "blob.unknown": Problem(_("This upload has not been begun."), _KEPT),
        "tus.version": Problem(_("This server speaks tus 1.0.0.")),
        "tus.type": Problem(_("The content type must be application/offset+octet-stream.")),
        "tus.length": Problem(_("The length is missing or is not a whole number.")),
        "tus.metadata": Problem(_("The upload does not say what it is: sha256 and sent_sha256 are needed.")),
        "tus.too_big": Problem(_("The file is larger than {most} MB."), _KEPT, _("Tell your supervisor.")),
        "tus.empty": Problem(_("An empty file cannot be sent."), _("Nothing was changed.")),
        "tus.offset": Problem(_("The upload goes on at another place."), _KEPT),
        "tus.checksum": Problem(_("This piece changed on its way."), _KEPT),
        "tus.algorithm": Problem(_("Checksums must be sha256.")),
        "tus.locked": Problem(_("This upload is being written by another page."), _KEPT),
        "request.json": Problem(_("The request cannot be read."), _("Nothing was changed.")),
        "request.too_big": Problem(_("The request is too large."), _KEPT, _("Send it in smaller parts.")),
        "request.origin": Problem(_("The request does not come from this site."), _("Nothing was changed.")),
        "csrf": Problem(_("The page is too old to send."), _KEPT, _("It asks for a fresh token by itself.")),
        "device.unknown": Problem(_("This phone is not enrolled."), _KEPT, _("Ask your supervisor for a code.")),
        "device.revoked": Problem(_("This phone was released."), _KEPT, _("Ask your supervisor for a code.")),
        "device.other_key": Problem(_("Another phone is registered under this number."), _KEPT, _("Register again.")),
        "device.form": Problem(_("The phone's key cannot be read."), _("Nothing was changed.")),
    }
)

# --- held work and phones: what a person is told who decides, and what the phone is told of it
_UNCHANGED = _("Nothing was changed.")
add(
    {
        "held.accepted": Problem(_("The office accepted it: {reason}")),
        "held.rejected": Problem(_("The office did not accept it: {reason}")),
        "held.set_aside": Problem(_("The office keeps it as evidence, without further effect: {reason}")),
        "set_aside": Problem(_("Kept as evidence, without further effect.")),
        "let_in": Problem(_("Nobody had assigned this work; the office let it in.")),
        "held.reason": Problem(_("A decision needs a reason."), "", _("The collector reads it on the phone.")),
        "held.not_yours": Problem(_("Supervisors and administrators decide this."), _UNCHANGED),
        "held.own": Problem(_("This is your own work."), _UNCHANGED, _("Somebody else must decide.")),
        "held.decided": Problem(_("{name} has already decided."), _UNCHANGED, _("Go on to the next.")),
        "held.settled": Problem(_("It no longer waits: what it waited for has come."), _UNCHANGED),
        "held.too_early": Problem(
            _("It waits for an earlier entry that may still come."), _UNCHANGED, _("A person decides from {on}.")
        ),
        "held.still": Problem(
            _("It cannot be applied: {why}"), _UNCHANGED, _("Remove the cause and accept again, or reject it.")
        ),
        "held.no_case": Problem(
            _("The entry belongs to no case that is here."), _UNCHANGED, _("It can only be rejected; it stays stored.")
        ),
        "held.id_taken": Problem(
            _("Meanwhile another entry has this number."), _UNCHANGED, _("Reject it; it stays stored.")
        ),
        "held.failed": Problem(_("The server made a mistake."), _UNCHANGED, _("Tell the administrator.")),
        "device.released": Problem(_("This phone is released already."), _UNCHANGED),
        "device.order": Problem(_("This is no order for a phone."), _UNCHANGED),
        "outbox.file": Problem(_("This is no file of a phone's outbox."), _UNCHANGED),
        "outbox.too_big": Problem(_("The file is larger than {most} MB."), _UNCHANGED),
    }
)

# --- the phone's enrolment and its PIN
add(
    {
        "enrol.needed": Problem(
            _("This phone is not enrolled yet."),
            _("What is saved on it is sent after that."),
            _("Ask your supervisor for a code."),
        ),
        "enrol.wrong": Problem(
            _("That is not the code. {left} tries are left."), "", _("Read it to each other once more.")
        ),
        "enrol.none": Problem(
            _("No code is open for you: it was used, has run out, or was typed wrong five times."),
            _("Nothing was changed."),
            _("Ask your supervisor for a new one."),
        ),
        "enrol.consent": Problem(
            _("A private phone needs the declaration."), _("Nothing was changed."), _("Read it and tick it.")
        ),
        "enrol.collector": Problem(_("{name} is no collector of your team."), _UNCHANGED),
        "enrol.closed": Problem(_("This code was used or revoked already."), _UNCHANGED),
        "after_release": Problem(
            _("It was signed after this phone had been released."), _STORED, _("Your supervisor decides.")
        ),
        "locked": Problem(
            _("This phone is locked."),
            _("What is saved on it is sent all the same."),
            _("Open it with your PIN; if that does not help, sign in again."),
        ),
        "unlock.fresh": Problem(
            _("To open this phone, sign in again with your code."), _("What is saved on it is sent all the same.")
        ),
        "unlock.locked": Problem(
            _("The office has locked or wiped this phone."),
            _("What is saved on it is sent all the same."),
            _("Ask your supervisor."),
        ),
    }
)

# --- creditors and mandates
add(
    {
        "creditor.reason": Problem(_("A change needs its reason."), _("Nothing was changed.")),
        "creditor.same": Problem(_("This is what stands already."), _("Nothing was changed.")),
        "creditor.waiting": Problem(
            _("A change of this already waits for a second person."), _("Nothing was changed."),
            _("Let it be decided first."),
        ),
        "creditor.wrong": Problem(
            _("This cannot stand: the name or number is taken, the agency is unknown, or a day is wrong."),
            _("Nothing was changed."),
        ),
        "creditor.second": Problem(
            _("A second person decides this."), _("Nothing was changed."), _("Ask another supervisor or administrator.")
        ),
        "creditor.decided": Problem(_("This has been decided already."), "", _("Open the page again to see how.")),
        "creditor.moved": Problem(
            _("It stands otherwise now than when this was asked for."), _("Nothing was changed."),
            _("Withdraw it and ask anew."),
        ),
    }
)  # fmt: skip

# --- rules of conduct
add(
    {
        "rule.values": Problem(
            _("This is not a value for this rule."),
            _("Nothing was changed."),
            _("Write hours as HH:MM and limits as whole numbers."),
        ),
        "rule.same": Problem(_("This is what the rule says already."), _("Nothing was changed.")),
        "rule.reason": Problem(_("A change of a rule needs its reason."), _("Nothing was changed.")),
        "rule.dates": Problem(_("The last day lies before the first."), _("Nothing was changed.")),
        "rule.second": Problem(
            _("A second person decides this."), _("Nothing was changed."), _("Ask a colleague who may change rules.")
        ),
        "permission.ended": Problem(_("This consent has ended already."), _("Nothing was changed.")),
        "rule.decided": Problem(_("This has been decided already."), "", _("Open the page again to see how.")),
    }
)
