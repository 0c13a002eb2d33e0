# Read by GNU make after the kernel's scripts/Makefile.build: writes down the lists that it made.
#   M modules listed in modules.order   S directories to enter, with need-builtin and need-modorder
#   B members of built-in.a   R members of modules   L members of lib.a   X extra objects
#   F files that make read
define judge-text
M $(if $(need-modorder),$(filter %.o,$(obj-m)))
S $(foreach d,$(subdir-ym),$d:$(if $(filter $d/built-in.a,$(subdir-builtin)),1):$(if $(filter $d/modules.order,$(subdir-modorder)),1))
B $(if $(need-builtin),$(real-obj-y))
R $(real-obj-m)
L $(lib-y)
X $(filter %.o,$(extra-y) $(always-y))
F $(MAKEFILE_LIST)
endef

$(file >$(JUDGE_OUT)/$(subst /,@,$(obj)).txt,$(judge-text))

judge-report: ;
