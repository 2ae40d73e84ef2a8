"""Forms of agreements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .portal import MOST_BYTES


class Rejection(forms.Form):
    """Why a held agreement is never sealed."""

    reason = forms.CharField(max_length=500)


class Paper(forms.Form):
    """A PDF that somebody wants to know is genuine."""

    file = forms.FileField(
        label=_("The PDF"),
        error_messages={
            "required": _("Choose the PDF first."),
            "empty": _("This file is empty. Choose the PDF as you received it."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 20 MB, and no paper of ours is. Choose the PDF as you received it.")
            )
        return file
